@tallystick @not-there-yet
Feature: References to something that is not there
  People refer to records before those are there, or to records that will never come over.

  Rule: A record is created all the same, and completed when it can be

    @law-linked
    Scenario: An order that names a customer whom nobody knows
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop with:
        | property   | value          |
        | customerId | "nobody-knows" |
      When the connector synchronizes
      Then Order "O-1" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-references
    Scenario: The customer comes after the order
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is created in CustomWebshop
      And Order "O-1" is edited in CustomWebshop:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property   | value            |
        | CustomerNo | the key of "Ann" |
      And references point to the counterpart of what they pointed to

    @law-in-sync
    Scenario: A line whose product is unknown brings its other properties over
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop with:
        | property           | value          |
        | lines[1].productId | "nobody-knows" |
        | lines[1].title     | "Oak chair"    |
      When the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property      | value       |
        | Lines[1].Text | "Oak chair" |
      And linked records agree in every listed property

    @law-references
    Scenario: A customer who comes over only once an order refers to them
      Given the checklist "connected" with the agreement "connected"
      And Customers "Ann" is created in Shopco
      And Orders "O-1" is created in Shopco
      And the connector synchronizes
      When Orders "O-1" is edited in Shopco:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      Then Orders "O-1" in Booksy has:
        | property | value            |
        | DebtorNo | the key of "Ann" |
      And references point to the counterpart of what they pointed to
