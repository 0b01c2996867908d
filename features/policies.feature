@tallystick @policies
Feature: What the checklist leaves open
  Each choice that the agreement can make where the checklist is silent. Conflicts and deletions
  have features of their own.

  Rule: Where records may come from

    @policy-create @law-one-to-one
    Scenario: From the shop only: a customer that is entered in the ERP stays there
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for create is "source"
      When Customer "Ann" is created in CustomERP
      And the connector synchronizes
      Then Customer "Ann" has no counterpart in CustomWebshop
      And the number of Customer records in CustomWebshop is 0
      And every record that its rule covers has a counterpart, and no other record has one

    @policy-create @law-linked
    Scenario: From either side: a customer that is entered in the ERP comes to the shop
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for create is "both"
      When Customer "Ann" is created in CustomERP with:
        | property | value  |
        | LastName | "Berg" |
      And the connector synchronizes
      Then Customer "Ann" in CustomWebshop has:
        | property | value  |
        | lastName | "Berg" |
      And every record that its rule covers has a counterpart, and no other record has one

    @policy-create @law-one-to-one
    Scenario: From either side: what came from the shop is not sent back as new
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for create is "both"
      And Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomERP
      When the connector synchronizes
      And the connector synchronizes
      Then the number of Customer records in CustomWebshop is 2
      And the number of Customer records in CustomERP is 2
      And no record has two counterparts, and nothing appears that nobody asked for

    @policy-create @law-linked
    Scenario: From either side, but only by a link: nobody is created where links must be there first
      Given the checklist "onboarding" with the agreement "onboarding"
      And the agreed policy for create is "both"
      When Contact "A. Berg" is created in Ledgerline
      And the connector synchronizes
      Then the number of Person records in Kioskly is 0
      And every record that its rule covers has a counterpart, and no other record has one

  Rule: What becomes of an emptied property

    @policy-empty @law-in-sync
    Scenario: Propagated: it is emptied on the other side
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for empty is "propagate"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When "billing.city" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value   |
        | Address.City | nothing |
      And linked records agree in every listed property

    @policy-empty @law-in-sync
    Scenario: Kept: the other side keeps its value
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for empty is "keep"
      And Customer "Ann" is created in CustomWebshop with:
        | property     | value    |
        | billing.city | "Bergen" |
      And the connector synchronizes
      When "billing.city" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value    |
        | Address.City | "Bergen" |
      And linked records agree in every listed property

    @policy-empty @law-no-lost-edit
    Scenario: Kept: the next edit arrives again
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for empty is "keep"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      And "billing.city" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property     | value  |
        | billing.city | "Oslo" |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value  |
        | Address.City | "Oslo" |
      And no edit is lost

    @policy-empty @law-no-lost-edit
    Scenario: Kept: an emptied property loses to an edit on the other side
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And the agreed policy for empty is "keep"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomERP:
        | property     | value  |
        | Address.City | "Oslo" |
      And 2 seconds pass
      And "billing.city" of Customer "Ann" is emptied in CustomWebshop
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value  |
        | Address.City | "Oslo" |
      And "Address.City" of Customer "Ann" in CustomERP agrees with the other side
      And no edit is lost
