@tallystick @quiet
Feature: No more writing than is needed
  Each write is billed as an update. A creation with all its properties is one, properties that were
  saved together are one, and what has not changed is none.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: One edit costs one write

    @law-economical
    Scenario: A creation is one write
      When Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      Then the last synchronization wrote to CustomERP once
      And the last synchronization wrote nothing to CustomWebshop
      And one edit costs at most one write

    @law-economical
    Scenario: Three properties saved together are one write
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | firstName    | "Annika" |
        | lastName     | "Berg"   |
        | billing.city | "Bergen" |
      And the connector synchronizes
      Then the last synchronization wrote to CustomERP once
      And one edit costs at most one write

    @law-economical
    Scenario: Two edits of two customers are two writes
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Berg" |
      And Customer "Bo" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then the last synchronization wrote to CustomWebshop 2 times
      And one edit costs at most one write

  Rule: Once in sync, nothing more is written

    @law-quiet
    Scenario: Nothing has happened since
      Given Customer "Ann" is created in CustomWebshop
      And Product "Chair" is created in CustomWebshop
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: The connector does not answer its own writes
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property     | value |
        | Credit.Limit | 12.5  |
      And the connector synchronizes
      When the connector synchronizes
      Then the last synchronization wrote nothing to CustomWebshop
      And the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: A number that is written differently but is the same number is no edit
      Given Customer "Ann" is created in CustomWebshop with:
        | property    | value  |
        | creditLimit | "1.10" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property    | value |
        | creditLimit | "1.1" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

    @law-quiet
    Scenario: An edit that was taken back before anybody looked is no edit
      Given Customer "Ann" is created in CustomWebshop with:
        | property | value  |
        | lastName | "Berg" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Dahl" |
      And Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

  Rule: The connector behaves itself in both systems

    @law-polite
    Scenario: It does not hammer the systems when nothing has happened
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When the connector synchronizes
      And the connector synchronizes
      Then the connector waits when told to, and does not hammer

    @law-polite
    Scenario: It does not ask for every single record when nothing has happened
      Given 60 Customer records "C" are created in CustomWebshop within one second
      And the connector synchronizes
      When the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 60
      And the connector waits when told to, and does not hammer

    @law-runs
    Scenario: It comes to rest after an ordinary day
      Given the connector is started
      And Customer "Ann" is created in CustomWebshop
      And Product "Chair" is created in CustomWebshop
      When the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Berg" |
      And Product "Chair" is deleted in CustomWebshop
      And the connector synchronizes
      Then the connector neither breaks nor gives up for good
      And all laws hold

    @law-discreet
    Scenario: It tells each system only what concerns it
      Given Customer "Ann" is created in CustomWebshop
      When the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property     | value       |
        | InternalNote | "pays late" |
        | LastName     | "Berg"      |
      And the connector synchronizes
      Then nothing is told to whom it does not concern
