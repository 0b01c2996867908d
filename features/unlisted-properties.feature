@tallystick @unlisted
Feature: Properties that are not listed
  Only the listed properties are synchronized. What else the two systems keep in a record is theirs,
  and stays as it is, whatever comes over from the other side.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: What is not listed stays at home

    @law-untouched
    Scenario: The ERP's own properties survive an edit in the shop
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And Customer "Ann" is edited in CustomERP:
        | property        | value       |
        | InternalNote    | "pays late" |
        | PaymentTermDays | 30          |
        | Tax.Zone        | "export"    |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property          | value   |
        | lastName          | "Berg"  |
        | company.vatNumber | "NO 17" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property        | value       |
        | LastName        | "Berg"      |
        | Tax.Number      | "NO 17"     |
        | InternalNote    | "pays late" |
        | PaymentTermDays | 30          |
        | Tax.Zone        | "export"    |
      And what is not listed stays as it was

    @law-untouched
    Scenario: The shop's own properties survive an edit in the ERP
      Given Customer "Ann" is created in CustomWebshop with:
        | property     | value          |
        | passwordHint | "my first cat" |
        | wishlist     | ["a", "b"]     |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property | value  |
        | LastName | "Dahl" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property     | value          |
        | lastName     | "Dahl"         |
        | passwordHint | "my first cat" |
        | wishlist     | ["a", "b"]     |
      And what is not listed stays as it was

    @law-untouched
    Scenario: What stands beside a listed property in an order line stays
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomERP:
        | property              | value  |
        | Lines[1].WarehouseBin | "B-12" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property          | value |
        | lines[1].quantity | 3     |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property              | value  |
        | Lines[1].Quantity     | 3      |
        | Lines[1].WarehouseBin | "B-12" |
      And what is not listed stays as it was

    @law-discreet
    Scenario: A password hint is told to nobody
      Given Customer "Ann" is created in CustomWebshop with:
        | property     | value          |
        | passwordHint | "my first cat" |
      When the connector synchronizes
      Then nothing is told to whom it does not concern

  Rule: An edit of something that is not listed costs nothing

    @law-quiet
    Scenario: The shop edits the wish list
      Given Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value       |
        | wishlist | ["a chair"] |
      And the connector synchronizes
      Then the last synchronization wrote nothing to CustomERP
      And the last synchronization wrote nothing to CustomWebshop
      And once in sync, nothing more is written
