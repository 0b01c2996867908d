@tallystick @empty-values
Feature: Nothing, null and empty text
  A property that is missing and one that is null are the same. An empty text is a value.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: Missing and null are the same

    @law-in-sync
    Scenario: A customer without a company comes over
      Given Customer "Ann" is created in CustomWebshop with:
        | property     | value   |
        | company.name | nothing |
        | firstName    | null    |
      When the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property    | value |
        | CompanyName | null  |
        | FirstName   | null  |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: A product without a currency gets none
      Given Product "Chair" is created in CustomWebshop with:
        | property | value |
        | currency | null  |
      When the connector synchronizes
      Then Product "Chair" in CustomERP has:
        | property           | value |
        | Sales.CurrencyCode | null  |
      And linked records agree in every listed property

    @law-quiet
    Scenario: A property that was null and is taken away has not changed
      Given Customer "Ann" is created in CustomWebshop with:
        | property  | value |
        | firstName | null  |
      And the connector synchronizes
      When "firstName" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And once in sync, nothing more is written

  Rule: An empty text is a value

    @law-in-sync
    Scenario: An empty text arrives as an empty text
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property  | value |
        | firstName | ""    |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property  | value |
        | FirstName | ""    |
      And linked records agree in every listed property

    @law-linked
    Scenario: A customer whose first name is an empty text comes over
      Given Customer "Ann" is created in CustomWebshop with:
        | property  | value |
        | firstName | ""    |
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

  Rule: Empty in one place, filled again later

    @law-in-sync
    Scenario: A whole address is taken away and entered again
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And "billing" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property       | value        |
        | billing.street | "Storgata 1" |
        | billing.city   | "Oslo"       |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property         | value        |
        | Address.Line1    | "Storgata 1" |
        | Address.City     | "Oslo"       |
        | Address.PostCode | nothing      |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: The ERP empties a property that the shop then fills
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And "PrimaryPhone" of Customer "Ann" is emptied in CustomERP
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value               |
        | phones   | ["+47 22 00 00 17"] |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value             |
        | PrimaryPhone | "+47 22 00 00 17" |
      And linked records agree in every listed property
