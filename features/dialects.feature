@tallystick @dialects
Feature: Either system can speak either dialect
  The same promises hold whichever API the two systems have.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: The promises do not depend on the API

    @law-in-sync
    Scenario Outline: Creation and edits on both sides, <shop> against <erp>
      Given CustomWebshop speaks "<shop>"
      And CustomERP speaks "<erp>"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And Customer "Ann" is edited in CustomERP:
        | property     | value       |
        | Address.City | "Bergen"    |
        | InternalNote | "pays late" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value       |
        | LastName     | "Berg"      |
        | InternalNote | "pays late" |
      And Customer "Ann" in CustomWebshop has:
        | property     | value    |
        | billing.city | "Bergen" |
      And all laws hold

      Examples:
        | shop         | erp          |
        | storefront/1 | ledger/1     |
        | ledger/1     | storefront/1 |
        | storefront/1 | storefront/1 |
        | ledger/1     | ledger/1     |

    @law-references
    Scenario Outline: An order refers to the customer that its own system knows, <shop> against <erp>
      Given CustomWebshop speaks "<shop>"
      And CustomERP speaks "<erp>"
      And Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And Order "O-1" is created in CustomWebshop with:
        | property   | value            |
        | customerId | the key of "Ann" |
      When the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property   | value            |
        | CustomerNo | the key of "Ann" |
      When Order "O-1" is edited in CustomERP:
        | property   | value           |
        | CustomerNo | the key of "Bo" |
      And the connector synchronizes
      Then Order "O-1" in CustomWebshop has:
        | property   | value           |
        | customerId | the key of "Bo" |
      And all laws hold

      Examples:
        | shop         | erp          |
        | storefront/1 | ledger/1     |
        | ledger/1     | storefront/1 |
        | storefront/1 | storefront/1 |
        | ledger/1     | ledger/1     |

    @law-deletions
    Scenario Outline: A deletion, <shop> against <erp>
      Given CustomWebshop speaks "<shop>"
      And CustomERP speaks "<erp>"
      And Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      When the connector synchronizes
      And Customer "Bo" is deleted in CustomERP
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 1
      And deletions are treated as agreed

      Examples:
        | shop         | erp          |
        | storefront/1 | ledger/1     |
        | ledger/1     | storefront/1 |
        | storefront/1 | storefront/1 |
        | ledger/1     | ledger/1     |

    @random @slow @faults @kills @races @clocks
    Scenario Outline: Random edits of Order records in any weather, <shop> against <erp>
      Given CustomWebshop speaks "<shop>"
      And CustomERP speaks "<erp>"
      When people make random edits to Order records on either side
      Then all laws hold

      Examples:
        | shop         | erp          |
        | ledger/1     | storefront/1 |
        | storefront/1 | storefront/1 |
        | ledger/1     | ledger/1     |
