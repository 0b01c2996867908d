@tallystick @trouble @faults
Feature: Systems in trouble
  A system may turn requests away, do the work and lose the answer, or show a list that is short,
  empty or old. None of it may cost anybody an edit, double a record or delete one.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: A create whose outcome is in doubt makes one record

    @law-one-to-one
    Scenario Outline: The create <trouble>
      Given Customer "Ann" is created in CustomWebshop
      And write 1 of the connector <trouble>
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And all laws hold

      Examples:
        | trouble                                          |
        | is turned away with 503 for 5 seconds            |
        | is turned away with 429 for 1 second             |
        | is cut off before it is carried out              |
        | is carried out, but answered with 500            |
        | is carried out, but its answer is lost           |
        | is carried out, but not answered in time         |
        | is carried out, but its answer is cut short      |

  Rule: An update whose outcome is in doubt arrives, once

    @law-no-lost-edit
    Scenario Outline: The update <trouble>
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And write 1 of the connector <trouble>
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
      And all laws hold

      Examples:
        | trouble                                          |
        | is turned away with 503 for 5 seconds            |
        | is cut off before it is carried out              |
        | is carried out, but answered with 500            |
        | is carried out, but its answer is lost           |
        | is carried out, but its answer is cut short      |

  Rule: A deletion whose outcome is in doubt is a deletion

    @law-deletions
    Scenario Outline: The deletion <trouble>
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is deleted in CustomERP
      And write 1 of the connector <trouble>
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 0
      And all laws hold

      Examples:
        | trouble                                          |
        | is turned away with 503 for 1 second             |
        | is carried out, but answered with 500            |
        | is carried out, but its answer is lost           |

  Rule: A list that shows too little deletes nothing

    @law-deletions
    Scenario Outline: Request <request> of a sync in which nothing is new is answered with <list>
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And the connector synchronizes
      When request <request> of the connector is answered with <list>
      And the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And all laws hold

      Examples:
        | request | list             |
        | 1       | an empty list    |
        | 1       | a shortened list |
        | 1       | an old list      |
        | 4       | an empty list    |
        | 4       | a shortened list |
        | 4       | an old list      |

    @law-deletions
    Scenario: The ERP has forgotten the delta link, and its full list is empty
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When request 4 of the connector finds its delta link expired
      And request 5 of the connector is answered with an empty list
      And the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And all laws hold

    @law-no-lost-edit
    Scenario: An edit that a list withheld arrives with the next one
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value    |
        | billing.city | "Bergen" |
      And request 1 of the connector is answered with an old list
      And the connector synchronizes
      And the connector synchronizes
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
      And all laws hold

  Rule: Who is told to wait waits

    @law-polite
    Scenario: Two systems that are both busy
      Given Customer "Ann" is created in CustomWebshop
      And request 1 of the connector is turned away with 429 for 10 seconds
      And request 4 of the connector is turned away with 503 for 5 seconds
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And the connector waits when told to, and does not hammer
