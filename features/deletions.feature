@tallystick @deletions
Feature: Deleted records
  What becomes of a record whose counterpart is deleted was agreed; nothing deleted comes back.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: Propagated: what is deleted on one side is deleted on the other

    @policy-deletions @law-deletions
    Scenario: A customer is deleted in the shop
      Given the agreed policy for deletions is "propagate"
      And Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" has no counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And deletions are treated as agreed

    @policy-deletions @law-deletions
    Scenario: A customer is deleted in the ERP
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And deletions are treated as agreed

    @law-deletions
    Scenario: A deletion wins over an edit on the other side
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And 2 seconds pass
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And deletions are treated as agreed

    @law-deletions
    Scenario: Both sides delete the same customer
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And the number of Customer records in CustomERP is 0
      And deletions are treated as agreed

    @law-for-life
    Scenario: A deleted customer does not come back
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      When the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And the number of Customer records in CustomERP is 0
      And a link never moves to another record, and nothing deleted comes back

    @law-linked
    Scenario: A customer that is deleted before anybody synchronized never appears
      Given Customer "Ann" is created in CustomWebshop
      When Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-one-to-one
    Scenario: A new customer with the e-mail address of a deleted one is a new customer
      Given Customer "Ann" is created in CustomWebshop with:
        | property | value             |
        | email    | "ann@example.com" |
      And the connector synchronizes
      And Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      When Customer "Ann again" is created in CustomWebshop with:
        | property | value             |
        | email    | "ann@example.com" |
      And the connector synchronizes
      Then Customer "Ann again" has one counterpart in CustomERP
      And the number of Customer records in CustomERP is 1
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-deletions
    Scenario: The orders of a deleted customer stay
      Given Customer "Ann" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And Order "O-1" has one counterpart in CustomERP
      And deletions are treated as agreed

  Rule: Detached: what is deleted on one side stays on the other, and the link ends

    @policy-deletions @law-deletions
    Scenario: A customer that is deleted in the shop stays in the ERP
      Given the agreed policy for deletions is "detach"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 1
      And deletions are treated as agreed

    @policy-deletions @law-deletions
    Scenario: A customer that is deleted in the ERP stays in the shop and is not sent again
      Given the agreed policy for deletions is "detach"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 1
      And the number of Customer records in CustomERP is 0
      And a link never moves to another record, and nothing deleted comes back
