@tallystick @derived @pair-1
Feature: CustomWebshop Customer and CustomERP Customer
  Written by `tallystick derive` from the checklist; do not edit.
  Every scenario stands for one line of the checklist, or of what was agreed beside it.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  # customwebshop-customerp.rst, line 17
  @line-17
  Rule: Every CustomWebshop Customer will be synchronized with a CustomERP Customer.

    @law-one-to-one
    Scenario: Every Customer gets exactly one counterpart
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And the number of Customer records in CustomERP is 2
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-linked
    Scenario: Every Customer that was there before the connector's first start gets a counterpart
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And the connector is started
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A Customer that is created while the connector runs gets a counterpart
      Given the connector is started
      And the connector synchronizes
      When Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A Customer that is created later gets a counterpart, too
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Bo" is created in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked @slow
    Scenario: None of 105 Customer records is left out, however many pages they fill
      Given the connector is started
      And the connector synchronizes
      When 105 Customer records "M" are created in CustomWebshop within one second
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 105
      And every record that its rule covers has a counterpart, and no other record has one

  # customwebshop-customerp.rst, line 19
  @line-19
  Rule: Once a link between a CustomWebshop Customer and a CustomERP Customer is established, it will keep in sync between the two systems, regardless of where it is edited.

    @law-in-sync
    Scenario: An edit in CustomWebshop reaches CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A second edit of the same property in CustomWebshop arrives like the first
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 3" |
      And the connector synchronizes
      Then the edit has arrived as "FirstName" of Customer "Ann" in CustomERP
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An edit in CustomERP reaches CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
      And the connector synchronizes
      Then the edit has arrived as "firstName" of Customer "Ann" in CustomWebshop
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A second edit of the same property in CustomERP arrives like the first
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 3" |
      And the connector synchronizes
      Then the edit has arrived as "firstName" of Customer "Ann" in CustomWebshop
      And linked records agree in every listed property

    @law-no-lost-edit
    Scenario: Edits of one property on either side in turn all arrive
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 3" |
      And the connector synchronizes
      Then the edit has arrived as "firstName" of Customer "Ann" in CustomWebshop
      And no edit is lost

    @law-no-lost-edit
    Scenario: Edits of different properties on the two sides both survive
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And Customer "Ann" is edited in CustomERP:
        | property | value               |
        | LastName | "Ann's last name 2" |
      And the connector synchronizes
      Then the edit has arrived as "FirstName" of Customer "Ann" in CustomERP
      And the edit has arrived as "lastName" of Customer "Ann" in CustomWebshop
      And Customer "Ann" in CustomWebshop has:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And Customer "Ann" in CustomERP has:
        | property | value               |
        | LastName | "Ann's last name 2" |
      And no edit is lost

    @law-economical
    Scenario: Two properties saved together in CustomWebshop cost one write
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
        | lastName  | "Ann's last name 2"  |
      And the connector synchronizes
      Then the last synchronization wrote to CustomERP once
      And one edit costs at most one write

    @law-economical
    Scenario: Two properties saved together in CustomERP cost one write
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
        | LastName  | "Ann's last name 2"  |
      And the connector synchronizes
      Then the last synchronization wrote to CustomWebshop once
      And one edit costs at most one write

    @law-quiet
    Scenario: Once in sync, another synchronization writes nothing
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit in CustomWebshop does not come back as an echo
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit in CustomERP does not come back as an echo
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

  # customwebshop-customerp.rst, line 21
  @line-21
  Rule: The following properties are synchronized between a CustomWebshop Customer and a CustomERP Customer:

    @law-in-sync
    Scenario Outline: An edit of <property> in CustomWebshop arrives as <counterpart property> in CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart property>" of Customer "Ann" in CustomERP
      And linked records agree in every listed property

      Examples:
        | property           | counterpart property | value                                  |
        | email              | EmailAddress         | "ann.2@example.com"                    |
        | firstName          | FirstName            | "Ann's first name 2"                   |
        | lastName           | LastName             | "Ann's last name 2"                    |
        | company.name       | CompanyName          | "Ann's name 2"                         |
        | company.vatNumber  | Tax.Number           | "Ann's vat number 2"                   |
        | billing.street     | Address.Line1        | "Ann's street 2"                       |
        | billing.postalCode | Address.PostCode     | "Ann's postal code 2"                  |
        | billing.city       | Address.City         | "Ann's city 2"                         |
        | billing.country    | Address.CountryCode  | "GB"                                   |
        | phones             | PrimaryPhone         | ["+47 22 74 27 18", "+47 22 30 79 72"] |
        | acceptsMarketing   | MarketingConsent     | false                                  |
        | loyaltyPoints      | BonusPoints          | 7                                      |
        | tier               | PriceGroup           | 71                                     |
        | creditLimit        | Credit.Limit         | "61.30"                                |
        | discountRate       | DiscountRate         | 0.07                                   |
        | segment            | Segments             | "Ann's segment 2"                      |
        | registeredAt       | CustomerSince        | "2024-10-12T12:04:00Z"                 |

    @law-in-sync
    Scenario Outline: An edit of <property> in CustomERP arrives as <counterpart property> in CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart property>" of Customer "Ann" in CustomWebshop
      And linked records agree in every listed property

      Examples:
        | property            | counterpart property | value                |
        | EmailAddress        | email                | "ann.2@example.com"  |
        | FirstName           | firstName            | "Ann's first name 2" |
        | LastName            | lastName             | "Ann's last name 2"  |
        | CompanyName         | company.name         | "Ann's company name" |
        | Tax.Number          | company.vatNumber    | "Ann's number"       |
        | Address.Line1       | billing.street       | "Ann's line1"        |
        | Address.PostCode    | billing.postalCode   | "Ann's post code"    |
        | Address.City        | billing.city         | "Ann's city 2"       |
        | Address.CountryCode | billing.country      | "DK"                 |
        | PrimaryPhone        | phones               | "+47 22 50 92 17"    |
        | MarketingConsent    | acceptsMarketing     | false                |
        | BonusPoints         | loyaltyPoints        | 9                    |
        | PriceGroup          | tier                 | "18"                 |
        | Credit.Limit        | creditLimit          | 7.35                 |
        | DiscountRate        | discountRate         | 0.42                 |
        | Segments            | segment              | ["Ann's segments"]   |
        | CustomerSince       | registeredAt         | "2024-10-04"         |

    @law-untouched
    Scenario: The unlisted lastLoginAt stays in CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property    | value                  |
        | lastLoginAt | "2025-05-15T10:45:00Z" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And Customer "Ann" in CustomWebshop has:
        | property    | value                  |
        | lastLoginAt | "2025-05-15T10:45:00Z" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted lastLoginAt in CustomWebshop survives an edit in CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomWebshop:
        | property    | value                  |
        | lastLoginAt | "2025-05-15T10:45:00Z" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
      And the connector synchronizes
      Then the edit has arrived as "firstName" of Customer "Ann" in CustomWebshop
      And Customer "Ann" in CustomWebshop has:
        | property    | value                  |
        | lastLoginAt | "2025-05-15T10:45:00Z" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted AccountManager stays in CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property       | value                     |
        | AccountManager | "Ann's account manager 2" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And Customer "Ann" in CustomERP has:
        | property       | value                     |
        | AccountManager | "Ann's account manager 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted AccountManager in CustomERP survives an edit in CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property       | value                     |
        | AccountManager | "Ann's account manager 2" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the connector synchronizes
      Then the edit has arrived as "FirstName" of Customer "Ann" in CustomERP
      And Customer "Ann" in CustomERP has:
        | property       | value                     |
        | AccountManager | "Ann's account manager 2" |
      And what is not listed stays as it was

  # agreed in customwebshop-customerp.toml, line 48
  @agreed-line-48
  Rule: A CustomWebshop Customer will merge with a CustomERP Customer if one of the following property combinations match: email = EmailAddress

    @law-merged
    Scenario: A Customer and a Customer that match by email = EmailAddress are merged
      Given Customer "Ann" is created in CustomWebshop with:
        | property | value             |
        | email    | "ann@example.com" |
      And Customer "Ann in CustomERP" is created in CustomERP with:
        | property     | value             |
        | EmailAddress | "ann@example.com" |
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And the number of Customer records in CustomERP is 1
      And a record that matches an existing one is linked with it and not created again

    @law-merged
    Scenario: A Customer merges with the Customer that was there first, by email = EmailAddress
      Given Customer "Ann in CustomERP" is created in CustomERP with:
        | property     | value             |
        | EmailAddress | "ann@example.com" |
      And the connector synchronizes
      When Customer "Ann" is created in CustomWebshop with:
        | property | value             |
        | email    | "ann@example.com" |
      And the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And the number of Customer records in CustomERP is 1
      And a record that matches an existing one is linked with it and not created again

  # agreed in customwebshop-customerp.toml, line 16
  @policy-conflicts @agreed-line-16
  Rule: As agreed, where both sides edited the same property, the later edit stands

    @law-latest-wins
    Scenario: A conflict in which the edit in CustomWebshop is the later one
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 3" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And the edit has arrived as "FirstName" of Customer "Ann" in CustomERP
      And where both sides edited the same property, the agreed winner stands on both

    @law-latest-wins
    Scenario: A conflict in which the edit in CustomERP is the later one
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 3" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property  | value                |
        | FirstName | "Ann's first name 3" |
      And the edit has arrived as "firstName" of Customer "Ann" in CustomWebshop
      And where both sides edited the same property, the agreed winner stands on both

  # agreed in customwebshop-customerp.toml, line 17
  @policy-deletions @agreed-line-17
  Rule: As agreed, what is deleted on one side is deleted on the other

    @law-deletions
    Scenario: A Customer is deleted in CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And the number of Customer records in CustomERP is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: What was deleted in CustomWebshop does not come back
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And the number of Customer records in CustomERP is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-deletions
    Scenario: A deletion in CustomWebshop wins over an edit on the other side
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property  | value                |
        | FirstName | "Ann's first name 2" |
      And Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And the number of Customer records in CustomERP is 0
      And deletions are treated as agreed

    @law-deletions
    Scenario: A Customer is deleted in CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And the number of Customer records in CustomWebshop is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: What was deleted in CustomERP does not come back
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And the number of Customer records in CustomWebshop is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-deletions
    Scenario: A deletion in CustomERP wins over an edit on the other side
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value                |
        | firstName | "Ann's first name 2" |
      And Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And the number of Customer records in CustomWebshop is 0
      And deletions are treated as agreed

  # nobody agreed on empty: the default
  @policy-empty
  Rule: By default, a property emptied on one side is emptied on the other

    @law-in-sync
    Scenario: A property emptied in CustomWebshop is emptied in CustomERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When "firstName" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property  | value   |
        | FirstName | nothing |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A property emptied in CustomERP is emptied in CustomWebshop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When "FirstName" of Customer "Ann" is emptied in CustomERP
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property  | value   |
        | firstName | nothing |
      And linked records agree in every listed property

  # nobody agreed on create: the default
  @policy-create
  Rule: By default, records come from CustomWebshop only

    @law-one-to-one
    Scenario: A Customer that only CustomERP has is left alone
      Given Customer "Ann in CustomERP" is created in CustomERP
      When the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And the number of Customer records in CustomERP is 1
      And no record has two counterparts, and nothing appears that nobody asked for

  # random edits, drawn anew at every run
  @random
  Rule: Whatever people do, all of this holds

    Scenario: Random edits of Customer records on either side
      When people make random edits to Customer records on either side
      Then all laws hold

    @slow @faults @kills @races @clocks
    Scenario: Random edits of Customer records in any weather
      When people make random edits to Customer records on either side
      Then all laws hold
