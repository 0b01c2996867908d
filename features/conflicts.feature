@tallystick @conflicts
Feature: Both sides edit the same record
  What people did on either side since both last agreed is brought together, property by property.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: Edits of different properties both survive

    @law-no-lost-edit
    Scenario: The shop corrects the name, the ERP the city
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And Customer "Ann" is edited in CustomERP:
        | property     | value    |
        | Address.City | "Bergen" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | LastName     | "Berg"   |
        | Address.City | "Bergen" |
      And Customer "Ann" in CustomWebshop has:
        | property     | value    |
        | lastName     | "Berg"   |
        | billing.city | "Bergen" |
      And no edit is lost

    @law-no-lost-edit
    Scenario: Two properties of one address
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property       | value        |
        | billing.street | "Storgata 1" |
      And Customer "Ann" is edited in CustomERP:
        | property         | value  |
        | Address.PostCode | "0017" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property         | value        |
        | Address.Line1    | "Storgata 1" |
        | Address.PostCode | "0017"       |
      And no edit is lost

    @law-no-lost-edit
    Scenario: The same new value on both sides is no conflict
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Berg" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property | value  |
        | LastName | "Berg" |
      And no edit is lost

  Rule: Latest wins: of two edits of one property, the later one stands on both sides

    @law-latest-wins
    Scenario: The ERP's edit is the later one
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Dahl" |
      And where both sides edited the same property, the agreed winner stands on both

    @law-latest-wins
    Scenario: The shop's edit is the later one
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property | value  |
        | LastName | "Berg" |
      And where both sides edited the same property, the agreed winner stands on both

    @law-latest-wins
    Scenario: One property is in conflict, the others are not
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value    |
        | lastName  | "Berg"   |
        | firstName | "Annika" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomERP:
        | property   | value  |
        | LastName   | "Dahl" |
        | PriceGroup | "7"    |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property   | value    |
        | LastName   | "Dahl"   |
        | FirstName  | "Annika" |
        | PriceGroup | "7"      |
      And where both sides edited the same property, the agreed winner stands on both

    @law-in-sync
    Scenario: Edits in the same second may go either way, but both sides show the same
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then "LastName" of Customer "Ann" in CustomERP agrees with the other side
      And linked records agree in every listed property

    @law-latest-wins
    Scenario: An emptied property can be the later edit
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value    |
        | firstName | "Annika" |
      And 2 seconds pass
      And "FirstName" of Customer "Ann" is emptied in CustomERP
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property  | value   |
        | firstName | nothing |
      And where both sides edited the same property, the agreed winner stands on both

    @law-latest-wins
    Scenario: A second conflict, after the first was settled
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Eide" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Foss" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property | value  |
        | LastName | "Foss" |
      And where both sides edited the same property, the agreed winner stands on both

  Rule: Where one side was agreed to win, it wins whether it was earlier or later

    @policy-conflicts @law-latest-wins
    Scenario: The shop wins although the ERP's edit is later
      Given the agreed policy for conflicts is "source-wins"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property | value  |
        | LastName | "Berg" |
      And where both sides edited the same property, the agreed winner stands on both

    @policy-conflicts @law-latest-wins
    Scenario: The ERP wins although the shop's edit is later
      Given the agreed policy for conflicts is "target-wins"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And 2 seconds pass
      And Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Dahl" |
      And where both sides edited the same property, the agreed winner stands on both

    @policy-conflicts @law-no-lost-edit
    Scenario: Who wins conflicts does not win where there is none
      Given the agreed policy for conflicts is "source-wins"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Dahl" |
      And no edit is lost

  Rule: A list is one property

    @law-in-sync
    Scenario: Both sides change the lines of an order, and one side's lines stand
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property          | value |
        | lines[1].quantity | 3     |
      And 2 seconds pass
      And Order "O-1" is edited in CustomERP:
        | property      | value         |
        | Lines[2].Text | "Spare parts" |
      And the connector synchronizes
      Then "Lines" of Order "O-1" in CustomERP agrees with the other side
      And linked records agree in every listed property
