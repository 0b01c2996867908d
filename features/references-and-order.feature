@tallystick @references
Feature: Records that refer to others
  An order names its customer and its products by their keys. Each system has keys of its own, so
  over there it must name their counterparts; and they must be there before the order is.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: A reference names the counterpart of what it named

    @law-references
    Scenario: An order keeps its customer
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value           |
        | customerId | the key of "Bo" |
      When the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property   | value           |
        | CustomerNo | the key of "Bo" |
      And references point to the counterpart of what they pointed to

    @law-references
    Scenario: The ERP had customers of its own before, so the keys differ
      Given Customer "Dan" is created in CustomERP
      And Customer "Ann" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      When the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property   | value            |
        | CustomerNo | the key of "Ann" |
      And references point to the counterpart of what they pointed to

    @law-references
    Scenario: The lines of an order keep their products
      Given Product "Chair" is created in CustomWebshop
      And Product "Table" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property           | value              |
        | lines[1].productId | the key of "Table" |
        | lines[2].productId | the key of "Chair" |
      When the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property        | value              |
        | Lines[1].ItemNo | the key of "Table" |
        | Lines[2].ItemNo | the key of "Chair" |
      And references point to the counterpart of what they pointed to

    @law-references
    Scenario: The shop moves an order to another customer
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property   | value           |
        | customerId | the key of "Bo" |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property   | value           |
        | CustomerNo | the key of "Bo" |
      And references point to the counterpart of what they pointed to

    @law-references
    Scenario: The ERP moves an order to another customer
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomERP:
        | property   | value           |
        | CustomerNo | the key of "Bo" |
      And the connector synchronizes
      Then Order "O-1" in CustomWebshop has:
        | property   | value           |
        | customerId | the key of "Bo" |
      And references point to the counterpart of what they pointed to

    @law-references
    Scenario: A reference that is emptied is empty over there
      Given Customer "Ann" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      When "customerId" of Order "O-1" is emptied in CustomWebshop
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property   | value   |
        | CustomerNo | nothing |
      And references point to the counterpart of what they pointed to

  Rule: What is referred to is there before what refers to it

    @law-references
    Scenario: A customer and three orders come at once
      Given Customer "Ann" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And Order "O-2" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And Order "O-3" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      When the connector synchronizes
      Then the number of Order records in CustomERP is 3
      And Order "O-3" in CustomERP has:
        | property   | value            |
        | CustomerNo | the key of "Ann" |
      And references point to the counterpart of what they pointed to

    @law-economical
    Scenario: An order with its customer is written once, complete
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      Then the last synchronization wrote to CustomERP once
      And one edit costs at most one write
