@tallystick @trouble @races
Feature: People who edit while the connector is at work
  Nobody stops working because a connector does. Where the API lets a connector notice, an edit
  made at any moment of its sync survives, and what was not noticed yet is carried by the next one.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
    And Customer "Ann" is created in CustomWebshop
    And the connector synchronizes

  Rule: An edit made meanwhile is not lost

    @law-no-lost-edit
    Scenario Outline: The ERP's people edit a customer while the connector is at its <request>
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And while the connector is at its <request>, Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
        | LastName     | "Dahl"   |
      And Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Dahl" |
      And all laws hold

      Examples:
        | request   |
        | request 1 |
        | request 4 |
        | request 7 |
        | request 8 |
        | write 1   |

    @law-untouched
    Scenario: A note in the ERP, between the connector's reading and its writing
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And while the connector is at its write 1, Customer "Ann" is edited in CustomERP:
        | property     | value       |
        | InternalNote | "pays late" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value       |
        | Address.City | "Bergen"    |
        | InternalNote | "pays late" |
      And all laws hold

    @law-no-lost-edit
    Scenario: The shop's people edit another property than the one that is being written
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And while the connector is at its write 1, Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And the connector synchronizes
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property     | value    |
        | lastName     | "Dahl"   |
        | billing.city | "Bergen" |
      And Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
      And all laws hold

  Rule: A record deleted meanwhile stays deleted

    @law-for-life
    Scenario: A customer is deleted in the ERP while an edit is on its way there
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And while the connector is at its write 1, Customer "Ann" is deleted in CustomERP
      And the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And the number of Customer records in CustomWebshop is 0
      And all laws hold

  Rule: What is made meanwhile is made once

    @law-linked
    Scenario: A second customer registers while the first one's edit is carried
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And while the connector is at its write 1, Customer "Bo" is created in CustomWebshop
      And the connector synchronizes
      And the connector synchronizes
      Then Customer "Bo" has one counterpart in CustomERP
      And all laws hold
