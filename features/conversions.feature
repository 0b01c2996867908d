@tallystick @conversions
Feature: What values become on the other side
  The two systems write the same thing differently: the data type says how a value is converted, and
  nothing else may happen to it.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: From the shop to the ERP

    @law-in-sync
    Scenario Outline: A customer's <property> becomes <becomes>
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property      | value     |
        | <counterpart> | <becomes> |
      And no value appears that nobody wrote

      Examples:
        | property           | value                       | counterpart      | becomes             |
        | billing.postalCode | "0017"                      | Address.PostCode | "0017"              |
        | tier               | 7                           | PriceGroup       | "7"                 |
        | creditLimit        | "1.10"                      | Credit.Limit     | 1.1                 |
        | creditLimit        | "0.1"                       | Credit.Limit     | 0.1                 |
        | registeredAt       | "2024-05-01T23:59:59Z"      | CustomerSince    | "2024-05-01"        |
        | registeredAt       | "2024-05-01T00:30:00+02:00" | CustomerSince    | "2024-04-30"        |
        | segment            | "gold"                      | Segments         | ["gold"]            |
        | acceptsMarketing   | false                       | MarketingConsent | false               |
        | loyaltyPoints      | 0                           | BonusPoints      | 0                   |
        | lastName           | "  Ærø & Sønn <b> "         | LastName         | "  Ærø & Sønn <b> " |
        | creditLimit        | "13.337"                    | Credit.Limit     | 13.337              |
        | segment            | ""                          | Segments         | []                  |
        | lastName           | "Zoe\u0308 🦄"               | LastName         | "Zoe\u0308 🦄"       |

    @law-in-sync
    Scenario Outline: An order that is <status> in the shop is <status> in the ERP
      Given Order "O-1" is created in CustomWebshop with:
        | property | value      |
        | status   | "<status>" |
      When the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property | value      |
        | Status   | "<status>" |
      And no value appears that nobody wrote

      Examples:
        | status    |
        | pending   |
        | paid      |
        | shipped   |
        | delivered |
        | cancelled |

  Rule: From the ERP back to the shop

    @law-in-sync
    Scenario Outline: The ERP's <property> arrives as <counterpart>
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property   | value   |
        | <property> | <value> |
      And the connector synchronizes
      Then the edit has arrived as "<counterpart>" of Customer "Ann" in CustomWebshop
      And linked records agree in every listed property

      Examples:
        | property      | value        | counterpart   |
        | PriceGroup    | "17"         | tier          |
        | Credit.Limit  | 1234.5       | creditLimit   |
        | CustomerSince | "2024-02-29" | registeredAt  |
        | Segments      | ["silver"]   | segment       |
        | BonusPoints   | 100000       | loyaltyPoints |

  Rule: A property that is not touched is not rewritten

    @law-no-invention
    Scenario: The time of day survives an edit of something else in the ERP
      Given Customer "Ann" is created in CustomWebshop with:
        | property     | value                  |
        | registeredAt | "2024-05-01T10:15:00Z" |
        | creditLimit  | "1.10"                 |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Berg" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property     | value                  |
        | lastName     | "Berg"                 |
        | registeredAt | "2024-05-01T10:15:00Z" |
        | creditLimit  | "1.10"                 |
      And no value appears that nobody wrote
