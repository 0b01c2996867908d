@tallystick @link-rules
Feature: Which records get a counterpart
  Each form of sentence that a checklist can say this in, with what it asks for and what it forbids.

  Rule: Every A will be synchronized with a B

    @law-linked
    Scenario: Every customer of the shop becomes a customer in the ERP
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Customer "Ann" is created in CustomWebshop
      And Customer "Bo" is created in CustomWebshop
      When the connector synchronizes
      Then Customer "Ann" has one counterpart in CustomERP
      And Customer "Bo" has one counterpart in CustomERP
      And every record that its rule covers has a counterpart, and no other record has one

    @law-one-to-one
    Scenario: Customers who look alike are still two
      Given the checklist "customwebshop-customerp" without an agreement
      And Customer "Ann" is created in CustomWebshop with:
        | property | value  |
        | name     | "Berg" |
      And Customer "Bo" is created in CustomWebshop with:
        | property | value  |
        | name     | "Berg" |
      When the connector synchronizes
      Then the number of Customer records in CustomERP is 2
      And no record has two counterparts, and nothing appears that nobody asked for

  Rule: On a condition, it will be synchronized with a B

    @law-linked
    Scenario: Only a deal that is won becomes a project
      Given the checklist "conditional" with the agreement "conditional"
      And Deal "Bridge" is created in Dealhub with:
        | property    | value |
        | probability | 100   |
      And Deal "Tunnel" is created in Dealhub with:
        | property    | value |
        | probability | 80    |
      When the connector synchronizes
      Then Deal "Bridge" has one counterpart in Projectly
      And Deal "Tunnel" has no counterpart in Projectly
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A deal that is won later becomes a project then
      Given the checklist "conditional" with the agreement "conditional"
      And Deal "Tunnel" is created in Dealhub with:
        | property    | value |
        | probability | 80    |
      And the connector synchronizes
      When Deal "Tunnel" is edited in Dealhub:
        | property    | value |
        | probability | 100   |
      And the connector synchronizes
      Then Deal "Tunnel" has one counterpart in Projectly
      And every record that its rule covers has a counterpart, and no other record has one

    @law-for-life
    Scenario: A project stays when its deal is in doubt again
      Given the checklist "conditional" with the agreement "conditional"
      And Deal "Bridge" is created in Dealhub with:
        | property    | value |
        | probability | 100   |
      And the connector synchronizes
      When Deal "Bridge" is edited in Dealhub:
        | property    | value |
        | probability | 50    |
      And the connector synchronizes
      And Deal "Bridge" is edited in Dealhub:
        | property | value           |
        | title    | "Bridge, again" |
      And the connector synchronizes
      Then Deal "Bridge" in Projectly has:
        | property | value           |
        | name     | "Bridge, again" |
      And a link never moves to another record, and nothing deleted comes back

    @law-one-to-one
    Scenario: A condition that only people can read is not judged, but nothing is doubled
      Given the checklist "conditional" without an agreement
      And Deal "Bridge" is created in Dealhub
      When the connector synchronizes
      And the connector synchronizes
      Then no record has two counterparts, and nothing appears that nobody asked for

  Rule: A new B will be created if it is connected to something that is synchronized

    @law-linked
    Scenario: A customer comes over with the order, and the company with the customer
      Given the checklist "connected" with the agreement "connected"
      And Companies "Acme" is created in Shopco
      And Customers "Ann" is created in Shopco with:
        | property  | value             |
        | companyId | the key of "Acme" |
      And Orders "O-1" is created in Shopco with:
        | property   | value            |
        | customerId | the key of "Ann" |
      When the connector synchronizes
      Then Customers "Ann" has one counterpart in Booksy
      And Companies "Acme" has one counterpart in Booksy
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A customer comes over with a ticket just as well
      Given the checklist "connected" with the agreement "connected"
      And Customers "Ann" is created in Shopco
      And Support tickets "T-1" is created in Shopco with:
        | property   | value            |
        | customerId | the key of "Ann" |
      When the connector synchronizes
      Then Customers "Ann" has one counterpart in Booksy
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: A customer and a company that nothing synchronized refers to stay at home
      Given the checklist "connected" with the agreement "connected"
      And Companies "Acme" is created in Shopco
      And Customers "Ann" is created in Shopco with:
        | property  | value             |
        | companyId | the key of "Acme" |
      When the connector synchronizes
      Then Customers "Ann" has no counterpart in Booksy
      And Companies "Acme" has no counterpart in Booksy
      And every record that its rule covers has a counterpart, and no other record has one

    @law-for-life
    Scenario: A customer stays when the order that brought it is deleted
      Given the checklist "connected" with the agreement "connected"
      And Customers "Ann" is created in Shopco
      And Orders "O-1" is created in Shopco with:
        | property   | value            |
        | customerId | the key of "Ann" |
      And the connector synchronizes
      When Orders "O-1" is deleted in Shopco
      And the connector synchronizes
      Then Customers "Ann" has one counterpart in Booksy
      And a link never moves to another record, and nothing deleted comes back

  Rule: Before any synchronization can take place, a link must be established

    @law-linked
    Scenario: Without a match nobody is created, on neither side
      Given the checklist "onboarding" with the agreement "onboarding"
      And Person "Ann" is created in Kioskly
      And Contact "B. Dahl" is created in Ledgerline
      When the connector synchronizes
      Then the number of Person records in Kioskly is 1
      And the number of Contact records in Ledgerline is 1
      And every record that its rule covers has a counterpart, and no other record has one

  Rule: If a matching B already exists it is merged, otherwise a new B will be created

    @law-merged
    Scenario: A member whose badge is known is that employee
      Given the checklist "no-match" with the agreement "no-match"
      And Employee "No. 17" is created in Payrun with:
        | property | value  |
        | Badge    | "0017" |
      When Member "Ann" is created in Teamdesk with:
        | property | value  |
        | badge    | "0017" |
      And the connector synchronizes
      Then Employee "No. 17" has one counterpart in Teamdesk
      And the number of Employee records in Payrun is 1
      And a record that matches an existing one is linked with it and not created again

    @law-linked
    Scenario: A member whose badge is new becomes a new employee
      Given the checklist "no-match" with the agreement "no-match"
      And Employee "No. 17" is created in Payrun with:
        | property | value  |
        | Badge    | "0017" |
      When Member "Bo" is created in Teamdesk with:
        | property | value |
        | badge    | "17"  |
      And the connector synchronizes
      Then Member "Bo" has one counterpart in Payrun
      And Employee "No. 17" has no counterpart in Teamdesk
      And the number of Employee records in Payrun is 2
      And every record that its rule covers has a counterpart, and no other record has one

    @law-one-to-one
    Scenario: Two members with one badge are two employees
      Given the checklist "no-match" with the agreement "no-match"
      And Member "Ann" is created in Teamdesk with:
        | property | value  |
        | badge    | "0017" |
      And the connector synchronizes
      When Member "Bo" is created in Teamdesk with:
        | property | value  |
        | badge    | "0017" |
      And the connector synchronizes
      Then Member "Ann" has one counterpart in Payrun
      And Member "Bo" has one counterpart in Payrun
      And the number of Employee records in Payrun is 2
      And no record has two counterparts, and nothing appears that nobody asked for
