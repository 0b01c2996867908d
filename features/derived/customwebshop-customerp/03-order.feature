@tallystick @derived @pair-3
Feature: CustomWebshop Order and CustomERP Order
  Written by `tallystick derive` from the checklist; do not edit.
  Every scenario stands for one line of the checklist, or of what was agreed beside it.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  # customwebshop-customerp.rst, line 49
  @line-49
  Rule: Every CustomWebshop Order will be synchronized with a CustomERP Order.

    @law-one-to-one
    Scenario: Every Order gets exactly one counterpart
      Given Order "O-1" is created in CustomWebshop
      And Order "O-2" is created in CustomWebshop
      When the connector synchronizes
      Then Order "O-1" has one counterpart in CustomERP
      And Order "O-2" has one counterpart in CustomERP
      And the number of Order records in CustomERP is 2
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-linked
    Scenario: Every Order that was there before the connector's first start gets a counterpart
      Given Order "O-1" is created in CustomWebshop
      And Order "O-2" is created in CustomWebshop
      And the connector is started
      When the connector synchronizes
      Then Order "O-1" has one counterpart in CustomERP
      And Order "O-2" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: An Order that is created while the connector runs gets a counterpart
      Given the connector is started
      And the connector synchronizes
      When Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      Then Order "O-1" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: An Order that is created later gets a counterpart, too
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-2" is created in CustomWebshop
      And the connector synchronizes
      Then Order "O-1" has one counterpart in CustomERP
      And Order "O-2" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

  # customwebshop-customerp.rst, line 51
  @line-51
  Rule: Once a link between a CustomWebshop Order and a CustomERP Order is established, it will keep in sync between the two systems, regardless of where it is edited.

    @law-in-sync
    Scenario: An edit in CustomWebshop reaches CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property       | value            |
        | ExternalNumber | "O-1's number 2" |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A second edit of the same property in CustomWebshop arrives like the first
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 3" |
      And the connector synchronizes
      Then the edit has arrived as "ExternalNumber" of Order "O-1" in CustomERP
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An edit in CustomERP reaches CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And the connector synchronizes
      Then the edit has arrived as "number" of Order "O-1" in CustomWebshop
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A second edit of the same property in CustomERP arrives like the first
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property       | value                     |
        | ExternalNumber | "O-1's external number 2" |
      And the connector synchronizes
      Then the edit has arrived as "number" of Order "O-1" in CustomWebshop
      And linked records agree in every listed property

    @law-no-lost-edit
    Scenario: Edits of one property on either side in turn all arrive
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And the connector synchronizes
      And Order "O-1" is edited in CustomERP:
        | property       | value                     |
        | ExternalNumber | "O-1's external number 2" |
      And the connector synchronizes
      Then the edit has arrived as "number" of Order "O-1" in CustomWebshop
      And no edit is lost

    @law-no-lost-edit
    Scenario: Edits of different properties on the two sides both survive
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And Order "O-1" is edited in CustomERP:
        | property | value     |
        | Status   | "pending" |
      And the connector synchronizes
      Then the edit has arrived as "ExternalNumber" of Order "O-1" in CustomERP
      And the edit has arrived as "status" of Order "O-1" in CustomWebshop
      And Order "O-1" in CustomWebshop has:
        | property | value            |
        | number   | "O-1's number 2" |
      And Order "O-1" in CustomERP has:
        | property | value     |
        | Status   | "pending" |
      And no edit is lost

    @law-economical
    Scenario: Two properties saved together in CustomWebshop cost one write
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
        | status   | "delivered"      |
      And the connector synchronizes
      Then the last synchronization wrote to CustomERP once
      And one edit costs at most one write

    @law-economical
    Scenario: Two properties saved together in CustomERP cost one write
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
        | Status         | "pending"               |
      And the connector synchronizes
      Then the last synchronization wrote to CustomWebshop once
      And one edit costs at most one write

    @law-quiet
    Scenario: Once in sync, another synchronization writes nothing
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit in CustomWebshop does not come back as an echo
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit in CustomERP does not come back as an echo
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

  # customwebshop-customerp.rst, line 53
  @line-53
  Rule: The following properties are synchronized between a CustomWebshop Order and a CustomERP Order:

    @law-in-sync
    Scenario Outline: An edit of <property> in CustomWebshop arrives as <counterpart property> in CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And Product "Chair" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart property>" of Order "O-1" in CustomERP
      And linked records agree in every listed property

      Examples:
        | property            | counterpart property | value                                                |
        | number              | ExternalNumber       | "O-1's number 2"                                     |
        | status              | Status               | "delivered"                                          |
        | placedAt            | OrderDate            | "2024-08-14T10:25:00Z"                               |
        | customerId          | CustomerNo           | the key of "Ann"                                     |
        | contactEmail        | ContactEmail         | "o-1.2@example.com"                                  |
        | note                | Comment              | "O-1's note 2"                                       |
        | paid                | Settled              | false                                                |
        | currency            | CurrencyCode         | "USD"                                                |
        | queue               | Priority             | 8                                                    |
        | shipping.name       | Delivery.Name        | "O-1's name 2"                                       |
        | shipping.street     | Delivery.Address     | "O-1's street 2"                                     |
        | shipping.postalCode | Delivery.PostCode    | "O-1's postal code 2"                                |
        | shipping.city       | Delivery.City        | "O-1's city 2"                                       |
        | shipping.country    | Delivery.CountryCode | "DK"                                                 |
        | totals.grand        | Amounts.Total        | "96.90"                                              |
        | totals.tax          | Amounts.Tax          | 36.6                                                 |
        | tags                | Labels               | ["O-1's tags 2", "O-1's tags 3"]                     |
        | discountCodes       | VoucherCode          | ["O-1's discount codes 2", "O-1's discount codes 3"] |
        | lines[1].productId  | Lines[1].ItemNo      | the key of "Chair"                                   |
        | lines[1].title      | Lines[1].Text        | "O-1's title 2"                                      |
        | lines[1].quantity   | Lines[1].Quantity    | 53                                                   |
        | lines[1].price      | Lines[1].UnitPrice   | "48.60"                                              |
        | lines[1].giftWrap   | Lines[1].GiftWrap    | true                                                 |

    @law-in-sync
    Scenario Outline: An edit of <property> in CustomERP arrives as <counterpart property> in CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And Product "Chair" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart property>" of Order "O-1" in CustomWebshop
      And linked records agree in every listed property

      Examples:
        | property             | counterpart property | value                              |
        | ExternalNumber       | number               | "O-1's external number"            |
        | Status               | status               | "pending"                          |
        | OrderDate            | placedAt             | "2024-10-19"                       |
        | CustomerNo           | customerId           | the key of "Ann"                   |
        | ContactEmail         | contactEmail         | "o-1.2@example.com"                |
        | Comment              | note                 | "O-1's comment"                    |
        | Settled              | paid                 | false                              |
        | CurrencyCode         | currency             | "USD"                              |
        | Priority             | queue                | "4"                                |
        | Delivery.Name        | shipping.name        | "O-1's name 2"                     |
        | Delivery.Address     | shipping.street      | "O-1's address"                    |
        | Delivery.PostCode    | shipping.postalCode  | "O-1's post code"                  |
        | Delivery.City        | shipping.city        | "O-1's city 2"                     |
        | Delivery.CountryCode | shipping.country     | "DK"                               |
        | Amounts.Total        | totals.grand         | 14.25                              |
        | Amounts.Tax          | totals.tax           | 42.65                              |
        | Labels               | tags                 | ["O-1's labels", "O-1's labels 2"] |
        | VoucherCode          | discountCodes        | "O-1's voucher code"               |
        | Lines[1].ItemNo      | lines[1].productId   | the key of "Chair"                 |
        | Lines[1].Text        | lines[1].title       | "O-1's text"                       |
        | Lines[1].Quantity    | lines[1].quantity    | 2                                  |
        | Lines[1].UnitPrice   | lines[1].price       | 20.85                              |
        | Lines[1].GiftWrap    | lines[1].giftWrap    | true                               |

    @law-references
    Scenario: What customerId refers to, CustomerNo refers to over there
      Given Customer "Ann" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      When the connector synchronizes
      Then "CustomerNo" of Order "O-1" in CustomERP agrees with the other side
      And references point to the counterpart of what they pointed to

    @law-references
    Scenario: What lines.productId refers to, Lines.ItemNo refers to over there
      Given Product "Chair" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property           | value              |
        | lines[1].productId | the key of "Chair" |
      When the connector synchronizes
      Then "Lines[1].ItemNo" of Order "O-1" in CustomERP agrees with the other side
      And references point to the counterpart of what they pointed to

    @law-in-sync
    Scenario: An element of lines is added in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When an element is added to "lines" of Order "O-1" in CustomWebshop
      And the connector synchronizes
      Then "Lines" of Order "O-1" in CustomERP agrees with the other side
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An element of lines is taken out in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When element 1 of "lines" of Order "O-1" is removed in CustomWebshop
      And the connector synchronizes
      Then "Lines" of Order "O-1" in CustomERP agrees with the other side
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An element of lines is moved in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When element 2 of "lines" of Order "O-1" is moved to place 1 in CustomWebshop
      And the connector synchronizes
      Then "Lines" of Order "O-1" in CustomERP agrees with the other side
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An element of Lines is added in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When an element is added to "Lines" of Order "O-1" in CustomERP
      And the connector synchronizes
      Then "lines" of Order "O-1" in CustomWebshop agrees with the other side
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An element of Lines is taken out in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When element 1 of "Lines" of Order "O-1" is removed in CustomERP
      And the connector synchronizes
      Then "lines" of Order "O-1" in CustomWebshop agrees with the other side
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An element of Lines is moved in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When element 2 of "Lines" of Order "O-1" is moved to place 1 in CustomERP
      And the connector synchronizes
      Then "lines" of Order "O-1" in CustomWebshop agrees with the other side
      And linked records agree in every listed property

    @law-untouched
    Scenario: The unlisted landingPage stays in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property    | value                  |
        | landingPage | "O-1's landing page 2" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And Order "O-1" in CustomWebshop has:
        | property    | value                  |
        | landingPage | "O-1's landing page 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted landingPage in CustomWebshop survives an edit in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomWebshop:
        | property    | value                  |
        | landingPage | "O-1's landing page 2" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And the connector synchronizes
      Then the edit has arrived as "number" of Order "O-1" in CustomWebshop
      And Order "O-1" in CustomWebshop has:
        | property    | value                  |
        | landingPage | "O-1's landing page 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted Approver stays in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property | value              |
        | Approver | "O-1's approver 2" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And Order "O-1" in CustomERP has:
        | property | value              |
        | Approver | "O-1's approver 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted Approver in CustomERP survives an edit in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomERP:
        | property | value              |
        | Approver | "O-1's approver 2" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And the connector synchronizes
      Then the edit has arrived as "ExternalNumber" of Order "O-1" in CustomERP
      And Order "O-1" in CustomERP has:
        | property | value              |
        | Approver | "O-1's approver 2" |
      And what is not listed stays as it was

  # agreed in customwebshop-customerp.toml, line 16
  @policy-conflicts @agreed-line-16
  Rule: As agreed, where both sides edited the same property, the later edit stands

    @law-latest-wins
    Scenario: A conflict in which the edit in CustomWebshop is the later one
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And 2 seconds pass
      And Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And the connector synchronizes
      Then Order "O-1" in CustomWebshop has:
        | property | value            |
        | number   | "O-1's number 2" |
      And the edit has arrived as "ExternalNumber" of Order "O-1" in CustomERP
      And where both sides edited the same property, the agreed winner stands on both

    @law-latest-wins
    Scenario: A conflict in which the edit in CustomERP is the later one
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And 2 seconds pass
      And Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And the edit has arrived as "number" of Order "O-1" in CustomWebshop
      And where both sides edited the same property, the agreed winner stands on both

  # agreed in customwebshop-customerp.toml, line 17
  @policy-deletions @agreed-line-17
  Rule: As agreed, what is deleted on one side is deleted on the other

    @law-deletions
    Scenario: An Order is deleted in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Order records in CustomWebshop is 0
      And the number of Order records in CustomERP is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: What was deleted in CustomWebshop does not come back
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is deleted in CustomWebshop
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Order records in CustomWebshop is 0
      And the number of Order records in CustomERP is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-deletions
    Scenario: A deletion in CustomWebshop wins over an edit on the other side
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property       | value                   |
        | ExternalNumber | "O-1's external number" |
      And Order "O-1" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Order records in CustomWebshop is 0
      And the number of Order records in CustomERP is 0
      And deletions are treated as agreed

    @law-deletions
    Scenario: An Order is deleted in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Order records in CustomERP is 0
      And the number of Order records in CustomWebshop is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: What was deleted in CustomERP does not come back
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is deleted in CustomERP
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Order records in CustomERP is 0
      And the number of Order records in CustomWebshop is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-deletions
    Scenario: A deletion in CustomERP wins over an edit on the other side
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value            |
        | number   | "O-1's number 2" |
      And Order "O-1" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Order records in CustomERP is 0
      And the number of Order records in CustomWebshop is 0
      And deletions are treated as agreed

  # nobody agreed on empty: the default
  @policy-empty
  Rule: By default, a property emptied on one side is emptied on the other

    @law-in-sync
    Scenario: A property emptied in CustomWebshop is emptied in CustomERP
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When "placedAt" of Order "O-1" is emptied in CustomWebshop
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property  | value   |
        | OrderDate | nothing |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A property emptied in CustomERP is emptied in CustomWebshop
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When "OrderDate" of Order "O-1" is emptied in CustomERP
      And the connector synchronizes
      Then Order "O-1" in CustomWebshop has:
        | property | value   |
        | placedAt | nothing |
      And linked records agree in every listed property

  # nobody agreed on create: the default
  @policy-create
  Rule: By default, records come from CustomWebshop only

    @law-one-to-one
    Scenario: An Order that only CustomERP has is left alone
      Given Order "O-1 in CustomERP" is created in CustomERP
      When the connector synchronizes
      Then the number of Order records in CustomWebshop is 0
      And the number of Order records in CustomERP is 1
      And no record has two counterparts, and nothing appears that nobody asked for

  # random edits, drawn anew at every run
  @random
  Rule: Whatever people do, all of this holds

    Scenario: Random edits of Order records on either side
      When people make random edits to Order records on either side
      Then all laws hold

    @slow @faults @kills @races @clocks
    Scenario: Random edits of Order records in any weather
      When people make random edits to Order records on either side
      Then all laws hold
