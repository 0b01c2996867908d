@tallystick @bare-checklist
Feature: A checklist without an agreement
  The checklist's property tables are empty, and nothing was agreed beside it. What can be judged is
  judged: as many counterparts as records, no echo, deletions as by default.

  Background:
    Given the checklist "customwebshop-customerp" without an agreement

  Rule: As many counterparts as records

    @law-one-to-one
    Scenario: Three records of three types
      Given Customer "Ann" is created in CustomWebshop
      And Product "Chair" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And Product "Chair" has one counterpart in CustomERP
      And Order "O-1" has one counterpart in CustomERP
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-quiet
    Scenario: An edit of what nobody listed is nobody's business
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | name     | "Berg" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-deletions
    Scenario: By default a deletion goes over
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And deletions are treated as agreed
