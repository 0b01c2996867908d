@tallystick @onboarding
Feature: Records that were there before the connector
  Both systems have been in use for years when they are connected. Who is in both is recognized by
  the merge rule; nobody is entered twice.

  Background:
    Given the checklist "onboarding" with the agreement "onboarding"

  Rule: A record that matches is linked with the one that is there

    @law-merged
    Scenario: The same e-mail address on both sides
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "ann@example.com" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      When the connector synchronizes
      Then Person "Ann" has one counterpart in Ledgerline
      And Contact "A. Berg" has one counterpart in Kioskly
      And the number of Contact records in Ledgerline is 1
      And a record that matches an existing one is linked with it and not created again

    @law-merged
    Scenario: The second combination of the rule: the same phone number
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | phone    | "+47 22 00 00 17" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Mobile   | "+47 22 00 00 17" |
      When the connector synchronizes
      Then Contact "A. Berg" has one counterpart in Kioskly
      And a record that matches an existing one is linked with it and not created again

    @law-merged
    Scenario: Three people, of whom two are on both sides
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "ann@example.com" |
      And Person "Bo" is created in Kioskly with:
        | property | value            |
        | email    | "bo@example.com" |
      And Contact "B. Dahl" is created in Ledgerline with:
        | property | value            |
        | Email    | "bo@example.com" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      And Contact "C. Eide" is created in Ledgerline with:
        | property | value              |
        | Email    | "cleo@example.com" |
      When the connector synchronizes
      Then Contact "A. Berg" has one counterpart in Kioskly
      And Contact "B. Dahl" has one counterpart in Kioskly
      And Contact "C. Eide" has no counterpart in Kioskly
      And no record has two counterparts, and nothing appears that nobody asked for

    @law-merged
    Scenario: A match that comes about later
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "old@example.com" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      And the connector synchronizes
      When Person "Ann" is edited in Kioskly:
        | property | value             |
        | email    | "ann@example.com" |
      And the connector synchronizes
      Then Person "Ann" has one counterpart in Ledgerline
      And a record that matches an existing one is linked with it and not created again

  Rule: What does not match exactly is not linked

    @law-linked
    Scenario: Capital letters count
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "Ann@Example.com" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      When the connector synchronizes
      Then Person "Ann" has no counterpart in Ledgerline
      And every record that its rule covers has a counterpart, and no other record has one

    @law-linked
    Scenario: Two people without a phone number are not the same person
      Given Person "Ann" is created in Kioskly with:
        | property | value |
        | email    | null  |
        | phone    | null  |
      And Contact "B. Dahl" is created in Ledgerline with:
        | property | value |
        | Email    | null  |
        | Mobile   | null  |
      When the connector synchronizes
      Then Person "Ann" has no counterpart in Ledgerline
      And Contact "B. Dahl" has no counterpart in Kioskly
      And every record that its rule covers has a counterpart, and no other record has one

    @law-one-to-one
    Scenario: Two contacts match, and one of them is taken
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "ann@example.com" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      And Contact "Ann B." is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      When the connector synchronizes
      Then Contact "A. Berg" has one counterpart in Kioskly
      And Contact "Ann B." has no counterpart in Kioskly
      And no record has two counterparts, and nothing appears that nobody asked for

  Rule: Once linked, both sides show the same

    @law-in-sync
    Scenario: What only one side knows comes to stand on both
      Given Person "Ann" is created in Kioskly with:
        | property  | value             |
        | email     | "ann@example.com" |
        | city      | null              |
        | birthYear | 1984              |
      And Contact "A. Berg" is created in Ledgerline with:
        | property     | value             |
        | Email        | "ann@example.com" |
        | Address.Town | "Bergen"          |
        | Born         | null              |
      When the connector synchronizes
      Then Person "Ann" in Kioskly has:
        | property | value    |
        | city     | "Bergen" |
      And Person "Ann" in Ledgerline has:
        | property | value |
        | Born     | 1984  |
      And linked records agree in every listed property

    @law-latest-wins
    Scenario: Where both sides know something else, the agreed side's value stands
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "ann@example.com" |
        | city     | "Oslo"            |
      And Contact "A. Berg" is created in Ledgerline with:
        | property     | value             |
        | Email        | "ann@example.com" |
        | Address.Town | "Bergen"          |
      When the connector synchronizes
      Then Person "Ann" in Kioskly has:
        | property | value    |
        | city     | "Bergen" |
      And linked records agree in every listed property

    @law-for-life
    Scenario: A link stays when another record would match better
      Given Person "Ann" is created in Kioskly with:
        | property | value             |
        | email    | "ann@example.com" |
      And Contact "A. Berg" is created in Ledgerline with:
        | property | value             |
        | Email    | "ann@example.com" |
      And the connector synchronizes
      When Person "Ann" is edited in Kioskly:
        | property | value             |
        | email    | "new@example.com" |
      And Contact "N. Foss" is created in Ledgerline with:
        | property | value             |
        | Email    | "new@example.com" |
      And the connector synchronizes
      Then Contact "A. Berg" has one counterpart in Kioskly
      And Contact "N. Foss" has no counterpart in Kioskly
      And a link never moves to another record, and nothing deleted comes back
