@tallystick @lists
Feature: Lists
  Elements belong together by their position; a list of values is one property; one element can be
  singled out by what it says of itself.

  Rule: Lines belong together by their position

    @law-in-sync
    Scenario: The shop adds a line
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When an element is added to "lines" of Order "O-1" in CustomWebshop with:
        | property | value       |
        | title    | "Oak chair" |
        | quantity | 4           |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property          | value       |
        | Lines[3].Text     | "Oak chair" |
        | Lines[3].Quantity | 4           |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: The ERP takes the first line out
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop with:
        | property       | value   |
        | lines[1].title | "Chair" |
        | lines[2].title | "Table" |
      And the connector synchronizes
      When element 1 of "Lines" of Order "O-1" is removed in CustomERP
      And the connector synchronizes
      Then Order "O-1" in CustomWebshop has:
        | property       | value   |
        | lines[1].title | "Table" |
        | lines[2]       | nothing |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: The shop changes the order of the lines
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop with:
        | property       | value   |
        | lines[1].title | "Chair" |
        | lines[2].title | "Table" |
      And the connector synchronizes
      When element 2 of "lines" of Order "O-1" is moved to place 1 in CustomWebshop
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property      | value   |
        | Lines[1].Text | "Table" |
        | Lines[2].Text | "Chair" |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: An order without lines gets its first one in the ERP
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop with:
        | property | value |
        | lines    | []    |
      And the connector synchronizes
      When an element is added to "Lines" of Order "O-1" in CustomERP with:
        | property | value       |
        | Text     | "Oak chair" |
      And the connector synchronizes
      Then Order "O-1" in CustomWebshop has:
        | property       | value       |
        | lines[1].title | "Oak chair" |
      And linked records agree in every listed property

    @law-no-invention
    Scenario: Removing a line invents nothing in the lines that move up
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When element 1 of "lines" of Order "O-1" is removed in CustomWebshop
      And the connector synchronizes
      Then "Lines" of Order "O-1" in CustomERP agrees with the other side
      And no value appears that nobody wrote

  Rule: A list of values is one property

    @law-in-sync
    Scenario: Tags are added and come over as labels
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Order "O-1" is created in CustomWebshop
      And the connector synchronizes
      When Order "O-1" is edited in CustomWebshop:
        | property | value              |
        | tags     | ["gift", "urgent"] |
      And the connector synchronizes
      Then Order "O-1" in CustomERP has:
        | property | value              |
        | Labels   | ["gift", "urgent"] |
      And linked records agree in every listed property

    @law-in-sync
    Scenario: Of several phone numbers the first one counts
      Given the checklist "customwebshop-customerp" with the agreement "customwebshop-customerp"
      And Customer "Ann" is created in CustomWebshop
      And the connector synchronizes
      When Customer "Ann" is edited in CustomWebshop:
        | property | value                                  |
        | phones   | ["+47 22 00 00 17", "+47 22 00 00 18"] |
      And the connector synchronizes
      Then Customer "Ann" in CustomERP has:
        | property     | value             |
        | PrimaryPhone | "+47 22 00 00 17" |
      And linked records agree in every listed property

  Rule: One element is singled out by what it says of itself

    @law-in-sync
    Scenario: Only the mobile number comes over, wherever it stands
      Given the checklist "no-match" with the agreement "no-match"
      And Member "Ann" is created in Teamdesk with:
        | property | value                                                                                             |
        | phones   | [{"kind": "office", "number": "+47 22 00 00 17"}, {"kind": "mobile", "number": "+47 900 00 017"}] |
      When the connector synchronizes
      Then Member "Ann" in Payrun has:
        | property    | value            |
        | MobilePhone | "+47 900 00 017" |
      And linked records agree in every listed property

    @law-untouched
    Scenario: A new mobile number leaves the office number alone
      Given the checklist "no-match" with the agreement "no-match"
      And Member "Ann" is created in Teamdesk with:
        | property | value                                                                                             |
        | phones   | [{"kind": "office", "number": "+47 22 00 00 17"}, {"kind": "mobile", "number": "+47 900 00 017"}] |
      And the connector synchronizes
      When Member "Ann" is edited in Payrun:
        | property    | value            |
        | MobilePhone | "+47 900 00 018" |
      And the connector synchronizes
      Then Member "Ann" in Teamdesk has:
        | property         | value             |
        | phones[1].number | "+47 22 00 00 17" |
        | phones[2].number | "+47 900 00 018"  |
      And what is not listed stays as it was
