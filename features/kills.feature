@tallystick @trouble @kills
Feature: A connector that is killed and started again
  Power fails between any two requests, or during one. The next process finds what the one before
  left, and nothing is done twice or forgotten.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: Nothing is created twice

    @law-one-to-one
    Scenario Outline: Killed <moment> its write <write>, with three customers to create
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And Customer "Cleo" is created in CustomWebshop
      When the connector is killed <moment> its write <write>
      And the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And the number of Customer records in CustomERP is 3
      And all laws hold

      Examples:
        | moment | write |
        | before | 1     |
        | during | 1     |
        | after  | 1     |
        | before | 2     |
        | during | 2     |
        | after  | 3     |

  Rule: Nothing is forgotten

    @law-no-lost-edit
    Scenario Outline: Killed <moment> its <request>, with edits on both sides to carry
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector is killed <moment> its <request>
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
      And Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Dahl" |
      And all laws hold

      Examples:
        | moment | request   |
        | after  | request 1 |
        | during | request 2 |
        | after  | request 4 |
        | before | request 7 |
        | before | write 1   |
        | during | write 1   |
        | after  | write 1   |
        | before | write 2   |
        | during | write 2   |

    @law-deletions
    Scenario Outline: Killed <moment> the deletion that it carries
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomWebshop
      And the connector is killed <moment> its write 1
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And all laws hold

      Examples:
        | moment |
        | before |
        | during |
        | after  |

  Rule: Trouble may come twice

    @law-one-to-one
    Scenario: The answer to a create is lost, and then the connector is killed
      Given Customer "Ann" is created in CustomWebshop
      And write 1 of the connector is carried out, but its answer is lost
      And the connector is killed before its write 2
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And all laws hold
