@tallystick @derived @pair-2
Feature: CustomWebshop Product and CustomERP Product
  Written by `tallystick derive` from the checklist; do not edit.
  Every scenario stands for one line of the checklist, or of what was agreed beside it.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  # customwebshop-customerp.rst, line 33
  @line-33
  Rule: Every CustomWebshop Product will be synchronized with a CustomERP Product.

    @law-one-to-one
    Scenario: Every Product gets exactly one counterpart
      Given Product "Chair" is created in CustomWebshop
      And Product "Table" is created in CustomWebshop
      When the connector synchronizes
      Then Product "Chair" has one counterpart in CustomERP
      And Product "Table" has one counterpart in CustomERP
      And the number of Product records in CustomERP is 2
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-linked
    Scenario: Every Product that was there before the connector's first start gets a counterpart
      Given Product "Chair" is created in CustomWebshop
      And Product "Table" is created in CustomWebshop
      And the connector is started
      When the connector synchronizes
      Then Product "Chair" has one counterpart in CustomERP
      And Product "Table" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A Product that is created while the connector runs gets a counterpart
      Given the connector is started
      And the connector synchronizes
      When Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      Then Product "Chair" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A Product that is created later gets a counterpart, too
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Table" is created in CustomWebshop
      And the connector synchronizes
      Then Product "Chair" has one counterpart in CustomERP
      And Product "Table" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

  # customwebshop-customerp.rst, line 35
  @line-35
  Rule: Once a link between a CustomWebshop Product and a CustomERP Product is established, it will keep in sync between the two systems, regardless of where it is edited.

    @law-in-sync
    Scenario: An edit in CustomWebshop reaches CustomERP
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And the connector synchronizes
      Then Product "Chair" in CustomERP has:
        | property    | value             |
        | Description | "Chair's title 2" |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A second edit of the same property in CustomWebshop arrives like the first
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      And Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 3" |
      And the connector synchronizes
      Then the edit has arrived as "Description" of Product "Chair" in CustomERP
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An edit in CustomERP reaches CustomWebshop
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And the connector synchronizes
      Then the edit has arrived as "title" of Product "Chair" in CustomWebshop
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A second edit of the same property in CustomERP arrives like the first
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      And Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property    | value                   |
        | Description | "Chair's description 2" |
      And the connector synchronizes
      Then the edit has arrived as "title" of Product "Chair" in CustomWebshop
      And linked records agree in every listed property

    @law-no-lost-edit
    Scenario: Edits of one property on either side in turn all arrive
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And the connector synchronizes
      And Product "Chair" is edited in CustomERP:
        | property    | value                   |
        | Description | "Chair's description 2" |
      And the connector synchronizes
      Then the edit has arrived as "title" of Product "Chair" in CustomWebshop
      And no edit is lost

    @law-no-lost-edit
    Scenario: Edits of different properties on the two sides both survive
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And Product "Chair" is edited in CustomERP:
        | property | value               |
        | LongText | "Chair's long text" |
      And the connector synchronizes
      Then the edit has arrived as "Description" of Product "Chair" in CustomERP
      And the edit has arrived as "description" of Product "Chair" in CustomWebshop
      And Product "Chair" in CustomWebshop has:
        | property | value             |
        | title    | "Chair's title 2" |
      And Product "Chair" in CustomERP has:
        | property | value               |
        | LongText | "Chair's long text" |
      And no edit is lost

    @law-economical
    Scenario: Two properties saved together in CustomWebshop cost one write
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property    | value                   |
        | title       | "Chair's title 2"       |
        | description | "Chair's description 2" |
      And the connector synchronizes
      Then the last synchronization wrote to CustomERP once
      And one edit costs at most one write

    @law-economical
    Scenario: Two properties saved together in CustomERP cost one write
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
        | LongText    | "Chair's long text"   |
      And the connector synchronizes
      Then the last synchronization wrote to CustomWebshop once
      And one edit costs at most one write

    @law-quiet
    Scenario: Once in sync, another synchronization writes nothing
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit in CustomWebshop does not come back as an echo
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      And Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit in CustomERP does not come back as an echo
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      And Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

  # customwebshop-customerp.rst, line 37
  @line-37
  Rule: The following properties are synchronized between a CustomWebshop Product and a CustomERP Product:

    @law-in-sync
    Scenario Outline: An edit of <property> in CustomWebshop arrives as <counterpart property> in CustomERP
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart property>" of Product "Chair" in CustomERP
      And linked records agree in every listed property

      Examples:
        | property            | counterpart property | value                                            |
        | sku                 | ItemNumber           | "SKU-CHAIR-2"                                    |
        | title               | Description          | "Chair's title 2"                                |
        | description         | LongText             | "Chair's description 2"                          |
        | price               | Sales.UnitPrice      | "26.70"                                          |
        | currency            | Sales.CurrencyCode   | "USD"                                            |
        | inventory.quantity  | StockLevel           | 80                                               |
        | weight.grams        | Logistics.NetWeight  | 80.25                                            |
        | published           | Active               | "true"                                           |
        | position            | SortCode             | 31                                               |
        | vendor.name         | Manufacturer.Name    | "Chair's name 2"                                 |
        | barcode             | Barcode              | "Chair's barcode 2"                              |
        | categories          | Categories           | ["Chair's categories 2", "Chair's categories 3"] |
        | images              | MainImage            | ["Chair's images 2", "Chair's images 3"]         |
        | metafields.material | Attributes.Material  | "Chair's material 2"                             |
        | publishedAt         | AvailableFrom        | "2024-12-09T14:52:00Z"                           |

    @law-in-sync
    Scenario Outline: An edit of <property> in CustomERP arrives as <counterpart property> in CustomWebshop
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart property>" of Product "Chair" in CustomWebshop
      And linked records agree in every listed property

      Examples:
        | property            | counterpart property | value                                            |
        | ItemNumber          | sku                  | "Chair's item number"                            |
        | Description         | title                | "Chair's description"                            |
        | LongText            | description          | "Chair's long text"                              |
        | Sales.UnitPrice     | price                | 16.95                                            |
        | Sales.CurrencyCode  | currency             | "USD"                                            |
        | StockLevel          | inventory.quantity   | 58                                               |
        | Logistics.NetWeight | weight.grams         | 59.5                                             |
        | Active              | published            | true                                             |
        | SortCode            | position             | "0"                                              |
        | Manufacturer.Name   | vendor.name          | "Chair's name 2"                                 |
        | Barcode             | barcode              | "Chair's barcode 2"                              |
        | Categories          | categories           | ["Chair's categories 2", "Chair's categories 3"] |
        | MainImage           | images               | "Chair's main image"                             |
        | Attributes.Material | metafields.material  | "Chair's material 2"                             |
        | AvailableFrom       | publishedAt          | "2025-05-25"                                     |

    @law-untouched
    Scenario: The unlisted template stays in CustomWebshop
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value                |
        | template | "Chair's template 2" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And Product "Chair" in CustomWebshop has:
        | property | value                |
        | template | "Chair's template 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted template in CustomWebshop survives an edit in CustomERP
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      And Product "Chair" is edited in CustomWebshop:
        | property | value                |
        | template | "Chair's template 2" |
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And the connector synchronizes
      Then the edit has arrived as "title" of Product "Chair" in CustomWebshop
      And Product "Chair" in CustomWebshop has:
        | property | value                |
        | template | "Chair's template 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted Buyer stays in CustomERP
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property | value             |
        | Buyer    | "Chair's buyer 2" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And Product "Chair" in CustomERP has:
        | property | value             |
        | Buyer    | "Chair's buyer 2" |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The unlisted Buyer in CustomERP survives an edit in CustomWebshop
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      And Product "Chair" is edited in CustomERP:
        | property | value             |
        | Buyer    | "Chair's buyer 2" |
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And the connector synchronizes
      Then the edit has arrived as "Description" of Product "Chair" in CustomERP
      And Product "Chair" in CustomERP has:
        | property | value             |
        | Buyer    | "Chair's buyer 2" |
      And what is not listed stays as it was

  # agreed in customwebshop-customerp.toml, line 74
  @agreed-line-74
  Rule: A CustomWebshop Product will merge with a CustomERP Product if one of the following property combinations match: sku = ItemNumber

    @law-merged
    Scenario: A Product and a Product that match by sku = ItemNumber are merged
      Given Product "Chair" is created in CustomWebshop with:
        | property | value       |
        | sku      | "SKU-CHAIR" |
      And Product "Chair in CustomERP" is created in CustomERP with:
        | property   | value       |
        | ItemNumber | "SKU-CHAIR" |
      When the connector synchronizes
      Then Product "Chair" has one counterpart in CustomERP
      And the number of Product records in CustomERP is 1
      And a record that matches an existing one is linked with it and not created again

    @law-merged
    Scenario: A Product merges with the Product that was there first, by sku = ItemNumber
      Given Product "Chair in CustomERP" is created in CustomERP with:
        | property   | value       |
        | ItemNumber | "SKU-CHAIR" |
      And the connector synchronizes
      When Product "Chair" is created in CustomWebshop with:
        | property | value       |
        | sku      | "SKU-CHAIR" |
      And the connector synchronizes
      Then Product "Chair" has one counterpart in CustomERP
      And the number of Product records in CustomERP is 1
      And a record that matches an existing one is linked with it and not created again

  # agreed in customwebshop-customerp.toml, line 16
  @policy-conflicts @agreed-line-16
  Rule: As agreed, where both sides edited the same property, the later edit stands

    @law-latest-wins
    Scenario: A conflict in which the edit in CustomWebshop is the later one
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And 2 seconds pass
      And Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And the connector synchronizes
      Then Product "Chair" in CustomWebshop has:
        | property | value             |
        | title    | "Chair's title 2" |
      And the edit has arrived as "Description" of Product "Chair" in CustomERP
      And where both sides edited the same property, the agreed winner stands on both

    @law-latest-wins
    Scenario: A conflict in which the edit in CustomERP is the later one
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And 2 seconds pass
      And Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And the connector synchronizes
      Then Product "Chair" in CustomERP has:
        | property    | value                 |
        | Description | "Chair's description" |
      And the edit has arrived as "title" of Product "Chair" in CustomWebshop
      And where both sides edited the same property, the agreed winner stands on both

  # agreed in customwebshop-customerp.toml, line 17
  @policy-deletions @agreed-line-17
  Rule: As agreed, what is deleted on one side is deleted on the other

    @law-deletions
    Scenario: A Product is deleted in CustomWebshop
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Product records in CustomWebshop is 0
      And the number of Product records in CustomERP is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: What was deleted in CustomWebshop does not come back
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is deleted in CustomWebshop
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Product records in CustomWebshop is 0
      And the number of Product records in CustomERP is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-deletions
    Scenario: A deletion in CustomWebshop wins over an edit on the other side
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomERP:
        | property    | value                 |
        | Description | "Chair's description" |
      And Product "Chair" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Product records in CustomWebshop is 0
      And the number of Product records in CustomERP is 0
      And deletions are treated as agreed

    @law-deletions
    Scenario: A Product is deleted in CustomERP
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Product records in CustomERP is 0
      And the number of Product records in CustomWebshop is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: What was deleted in CustomERP does not come back
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is deleted in CustomERP
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Product records in CustomERP is 0
      And the number of Product records in CustomWebshop is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-deletions
    Scenario: A deletion in CustomERP wins over an edit on the other side
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When Product "Chair" is edited in CustomWebshop:
        | property | value             |
        | title    | "Chair's title 2" |
      And Product "Chair" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Product records in CustomERP is 0
      And the number of Product records in CustomWebshop is 0
      And deletions are treated as agreed

  # nobody agreed on empty: the default
  @policy-empty
  Rule: By default, a property emptied on one side is emptied on the other

    @law-in-sync
    Scenario: A property emptied in CustomWebshop is emptied in CustomERP
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When "description" of Product "Chair" is emptied in CustomWebshop
      And the connector synchronizes
      Then Product "Chair" in CustomERP has:
        | property | value   |
        | LongText | nothing |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A property emptied in CustomERP is emptied in CustomWebshop
      Given Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When "LongText" of Product "Chair" is emptied in CustomERP
      And the connector synchronizes
      Then Product "Chair" in CustomWebshop has:
        | property    | value   |
        | description | nothing |
      And linked records agree in every listed property

  # nobody agreed on create: the default
  @policy-create
  Rule: By default, records come from CustomWebshop only

    @law-one-to-one
    Scenario: A Product that only CustomERP has is left alone
      Given Product "Chair in CustomERP" is created in CustomERP
      When the connector synchronizes
      Then the number of Product records in CustomWebshop is 0
      And the number of Product records in CustomERP is 1
      And no record has two counterparts, and nothing appears that nobody asked for

  # random edits, drawn anew at every run
  @random
  Rule: Whatever people do, all of this holds

    Scenario: Random edits of Product records on either side
      When people make random edits to Product records on either side
      Then all laws hold

    @slow @faults @kills @races @clocks
    Scenario: Random edits of Product records in any weather
      When people make random edits to Product records on either side
      Then all laws hold
