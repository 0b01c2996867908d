@tallystick @refused
Feature: Records that the other system refuses
  The shop takes longer names than the ERP does. What the ERP refuses must not hold back anything
  else, and goes through once somebody has mended it.

  Background:
    Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"

  Rule: One refused record holds back no other

    @law-linked
    Scenario: A customer whose name is too long for the ERP
      Given Customer "Ann" is created in CustomWebshop with:
        | property | value                                                                                                                                                                                                          |
        | lastName | "very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very long" |
      And Customer "Bo" is created in CustomWebshop
      When the connector synchronizes
      Then Customer "Ann" has no counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And all laws hold

    @law-no-lost-edit
    Scenario: An edit that is too long for the ERP, beside an edit of another customer
      Given Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value                                                                                                                                                                                                          |
        | lastName | "very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very long" |
      And Customer "Bo" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Dahl" |
      And the connector synchronizes
      Then Customer "Bo" in CustomERP has:
        | property | value  |
        | LastName | "Dahl" |
      And no edit is lost

  Rule: What was refused goes through once it is mended

    @law-linked
    Scenario: The name is shortened and the customer comes over
      Given Customer "Ann" is created in CustomWebshop with:
        | property | value                                                                                                                                                                                                          |
        | lastName | "very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very long" |
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value  |
        | lastName | "Berg" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property | value  |
        | LastName | "Berg" |
      And every record that its rule covers has a counterpart, and no other record has one

    @law-no-lost-edit
    Scenario: The edit is shortened and arrives
      Given Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      And Order "O-1" is edited in CustomWebshop:
        | property | value                                                                                                                                                                                                          |
        | note     | "very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very long" |
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value           |
        | note     | "Ring the bell" |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property | value           |
        | Comment  | "Ring the bell" |
      And no edit is lost

  Rule: What is refused is not tried for ever

    @law-quiet
    Scenario: Nobody mends it, and the ERP is left in peace
      Given Customer "Ann" is created in CustomWebshop with:
        | property | value                                                                                                                                                                                                          |
        | lastName | "very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very long" |
      And the connector synchronizes
      When the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomERP is 0
      And the connector waits when told to, and does not hammer
