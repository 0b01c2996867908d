@tallystick @trouble @clocks
Feature: Clocks that differ, and more than a page
  The two systems' clocks need not agree, times are cut to whole seconds, and many records can
  share one of them. Every record and every edit arrives all the same.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: Systems whose clocks differ

    @law-in-sync
    Scenario Outline: The clock of <system> is ahead by <time>
      Given the clock of <system> is ahead by <time>
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
      And Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Dahl" |
      And all laws hold

      Examples:
        | system        | time        |
        | CustomWebshop | 120 seconds |
        | CustomERP     | 120 seconds |
        | CustomERP     | 1 second    |

  Rule: Edits within one second

    @law-in-sync
    Scenario: A second edit within the second that the connector has read already
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And the connector synchronizes
      And Customer "Ann" is edited in CustomWebshop:
        | property     | value  |
        | billing.city | "Oslo" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value  |
        | Address.City | "Oslo" |
      And all laws hold

  @crowds
  Rule: More records than a page holds, all of one second

    @law-linked
    Scenario: 120 customers, imported at once
      When 120 Customer records "Guest" are created in CustomWebshop within one second
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 120
      And all laws hold

    @law-linked
    Scenario: 120 customers, imported at once before the connector's first start, and one later
      Given 120 Customer records "Guest" are created in CustomWebshop within one second
      And the connector is started
      And the connector synchronizes
      When Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 121
      And all laws hold
