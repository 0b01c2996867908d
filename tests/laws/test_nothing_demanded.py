"""What must not be demanded: an honest connector does the permitted thing, and nobody speaks up.

The numbers are those of the laws' own list of what must not be demanded, as far as it needs neither
faults nor kills.
"""

from __future__ import annotations

import pytest
from dataflows import dataflow
from histories import edits_meanwhile, said, tell

ONE = '[{"sku":"a","n":1}]'
TWO = '[{"sku":"a","n":1},{"sku":"b","n":2}]'
NOTED = '[{"Sku":"a","N":1,"Note":"x"},{"Sku":"b","N":2}]'

PERMITTED: dict[str, list[tuple[str, str]]] = {
    "1 an edit that leaves the last value is none": [
        ("plain", "s1:name=a [ >t1 ] s1:name=b s1:name=a t1:name=x [ >s1 ]"),
        ("source-wins", "s1:name=a [ >t1 ] s1:name=b s1:name=a t1:name=x [ >s1 ]"),
        # once the other side had followed, going back is an edit like any other
        ("plain", "s1:name=a [ >t1 ] s1:name=x [ >t1 t1:name=a ] [ >s1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x [ >t1 s1:name=a ] [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x [ >t1 s1:name=a t1:name=y ] [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x [ >t1 s1:name=a t1:name=y ] [ >s1 ]"),
    ],
    "2 the times decide only where both APIs show them": [
        ("plain", "s1:name=a [ >t1 ] s1:name=x t1:name=y [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x t1:name=y [ >s1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x 999ms t1:name=y [ >t1 ]"),
        ("shops", "s1:name=a [ >t1 ] s1:name=x 999ms t1:name=y [ >t1 ]"),
        ("ledgers", "s1:name=a [ >t1 ] s1:name=x t1:name=y [ >t1 ]"),
        ("plain", "s1:name=a;n=1 [ >t1 ] s1:name=x 5s t1:name=y 5s s1:n=2 [ >t1 ]"),
        ("plain", "s1:name=a;n=1 [ >t1 ] s1:name=x 5s t1:name=y 5s s1:free=2 [ >t1 ]"),
        ("plain", "s1:name=a;n=1 [ >t1 ] s1:name=x 5s t1:name=y;n=7 [ 9s >s1:n=7 >t1 ]"),
        ("merge", "s1:name=a;n=1 5s t1:name=a;n=2 5s s1:free=1 [ >t1 ]"),
        ("merge", "s1:name=a;n=1 5s t1:name=a;n=2 5s s1:free=1 [ >s1 ]"),
    ],
    "3 what nobody could notice before a PATCH": [
        ("shops", "s1:name=a [ >t1 ] s1:name=x [ t1:name=y >t1 ]"),
        ("shops", "s1:name=a [ >t1 ] s1:name=x [ t1:name=y >t1 ] [ ]"),
        ("shops", "s1:name=a;n=1 [ >t1 ] s1:name=x [ t1:n=2 >t1:name=x ] [ >s1 ]"),
        ("shops", "s1:name=a;n=1 [ >t1 ] s1:name=x [ t1:n=2 >t1 ] [ ]"),
        ("turned", "s1:name=a [ >t1 ] s1:name=x 5s [ t1:name=y >t1 ] [ ]"),
        (
            "lines-shops",
            (
                f"s1:lines={TWO} [ >t1 ] t1:lines={NOTED} [ ] s1:lines={ONE}"
                ' [ t1:lines=[{"Sku":"a","N":1,"Note":"y"}] >t1:lines=[{"Sku":"a","N":1}] ]'
            ),
        ),
        (
            "lines-shops",
            f"s1:lines={ONE} [ >t1 ]" + ' s1:lines=[{"sku":"b","n":1}]'
            ' [ t1:lines=[{"Sku":"a","N":1,"Note":"y"}] >t1:lines=[{"Sku":"b","N":1}] ]',
        ),
    ],
    "4 elements that came, went, or cannot be told apart": [
        (
            "lines",
            (
                f"s1:lines={TWO} [ >t1 ] t1:lines={NOTED} [ ]"
                ' s1:lines=[{"sku":"b","n":2}] [ >t1:lines=[{"Sku":"b","N":2}] ]'
            ),
        ),
        (
            "lines",
            (
                f"s1:lines={TWO} [ >t1 ] t1:lines={NOTED} [ ]"
                ' s1:lines=[{"sku":"b","n":2},{"sku":"a","n":1}]'
                ' [ >t1:lines=[{"Sku":"b","N":2},{"Sku":"a","N":1,"Note":"x"}] ]'
            ),
        ),
        (
            "lines",
            (
                's1:lines=[{"sku":"a","n":1},{"sku":"a","n":1}] [ >t1 ]'
                ' t1:lines=[{"Sku":"a","N":1,"Note":"x"},{"Sku":"a","N":1}] [ ]'
                ' s1:lines=[{"sku":"a","n":2},{"sku":"a","n":1}]'
                ' [ >t1:lines=[{"Sku":"a","N":2},{"Sku":"a","N":1,"Note":"x"}] ]'
            ),
        ),
        ("lines", f"s1:lines={ONE} [ >t1 ] s1:lines=[] t1:lines={NOTED} [ >t1:lines=[] ]"),
        ("lines", f"s1:lines={ONE} [ >t1 ] s1:lines=[] 5s t1:lines={NOTED} [ >t1:lines=[] ]"),
        ("lines", f"s1:lines={ONE} [ >t1 ] t1:lines=[] 5s s1:lines={TWO} [ >s1:lines=[] ]"),
        ("lines", f"s1:name=x [ >t1 ] t1:lines=[] [ ] s1:lines={ONE} [ >t1 ]"),
    ],
    "5 a value back through a cast is not unique": [
        ("cast", 's1:n="5" [ >t1 ] t1:n=6 [ >s1:n="6" ]'),
        ("cast", 's1:n="5" [ >t1 ] t1:n=6 [ >s1:n=6 ]'),
        ("cast", 's1:n="5" [ >t1 ] t1:n=6 [ >s1:n="6.2" ]'),
        ("cast", 's1:n="x" [ >t1 ]'),
        ("cast", "s1:n=5.9 [ >t1 ]"),
    ],
    "6 a refused record may hold back what refers to it, and its own other properties": [
        ("refused", "s1:name=longer sb1:of=@s1;title=x [ >!t1 ] s1:name=abc [ >t1 >tb1 ]"),
        ("refused", "s1:name=longer sb1:of=@s1;title=x [ >!t1 >tb1 ] s1:name=abc [ >t1 >tb1 ]"),
        (
            "refused",
            "s1:name=abc;n=1 [ >t1 ] s1:name=longer;n=2 [ >!t1 ] [ >!t1 ] s1:name=ab [ >t1 ]",
        ),
        (
            "refused",
            "s1:name=abc;n=1 [ >t1 ] s1:name=longer;n=2 [ >!t1 ] t1:name=x [ >s1:name=x >t1 ]",
        ),
        (
            "refused",
            "s1:name=abc;n=1 [ >t1 ] s1:name=longer [ >!t1 ] s1:n=5 [ >!t1 ] s1:name=a [ >t1 ]",
        ),
        ("refused", "s1:name=abc;n=1 [ >t1 ] s1:name=longer [ >!t1 ] t1:n=6 [ >s1:n=6 ]"),
        ("refused", "s1:name=abc [ >t1 ] s1:name=longer 5s t1:name=b [ >s1 ]"),
        ("refused", "s1:name=abc [ >t1 ] t1:name=b 5s s1:name=longer [ ]"),
        ("refused", "s1:name=abc [ >t1 ] s1:name=longer [ ] -s1 [ >-t1 ]"),
        ("refused", "s1:name=longer [ ] -s1 [ ]"),
    ],
    "7 what refers to the unknown": [
        ("orders", "sb1:of=nobody;title=x [ >tb1:title=x ]"),
        ("orders", "sb1:of=-;title=x [ >tb1 ]"),
        ("orders", "t1 sb1:title=x [ >tb1 ] tb1:of=@t1 [ ]"),
        ("orders", "t1 sb1:title=x [ >tb1 ] tb1:of=@t1 [ >tb1:of=- ]"),
        ("orders", "s1 [ >t1 ] t2 sb1:of=@s1 [ >tb1 ] tb1:of=@t2 [ ]"),
        ("orders", "s1 [ >t1 ] t2 sb1:of=@s1 [ >tb1 ] tb1:of=@t2 [ >tb1:of=@t1 ]"),
        ("orders", "s1 [ >t1 ] t2 sb1:of=@s1 [ >tb1 ] tb1:of=@t2 [ >sb1:of=- ]"),
        ("orders", "s1 [ >t1 ] sb1:of=@s1 [ >tb1 ] -s1 [ >-t1 ] sb1:title=z [ >tb1:title=z ]"),
        ("connected", "s1:name=x sb1:of=@s1 [ >t1 >tb1 ]"),
        ("connected", "s1:name=x sb1:title=x [ >tb1 ] sb1:of=@s1 [ >t1 >tb1 ]"),
        ("connected", "s1:name=x sb1:of=@s1 [ >t1 >tb1 ] sb1:of=- [ >tb1 ] s1:name=y [ >t1 ]"),
        ("orders-first", "s1 sb1:of=@s1 [ >t1 >tb1 ]"),
    ],
    "8 writes that are free": [
        ("chain", "sb1:title=x sb2:next=@sb1 sb1:next=@sb2 [ >tb1:title=x >tb2 >tb1 ]"),
        ("chain", "sb1:title=x sb1:next=@sb1 [ >tb1:title=x >tb1 ]"),
        ("lines", "s1:lines=[] [ >t1 ] s1:lines=null [ >t1:lines=null ]"),
        ("lines", "s1:lines=[] [ >t1 ] s1:lines=null [ ]"),
        ("key", "s1 [ >t1<s1:no=- >t1 ]"),
        ("key-back", "s1 [ >t1 >s1 ]"),
        ("key", "s1 [ >t1 ] t1:no=7 [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x 5s t1:name=y;n=2 s1:n=- [ >s1 ]"),
        ("plain", "s1:name=a;n=1 [ >t1 ] s1:name=x t1:n=3 [ >s1:n=3 >t1:name=x ]"),
        ("plain", "s1:name=a;n=1 [ >t1 ] s1:name=b s1:n=2 [ >t1:name=b >t1:n=2 ]"),
        ("merge", "s1:name=a;n=1 t1:name=a [ >t1 ]"),
        ("merge", "s1:name=a;n=1 t1:name=a;n=1 [ ]"),
        ("fan-out", "s1:name=a [ >t1 ] t1:First=b [ >s1:name=b >t1 ]"),
        ("two-pairs", "s1:name=a [ >t1 >tb1<s1 ] t1:name=b [ >s1 >tb1<s1 ]"),
        ("condition", "s1:open=no;name=x [ ] s1:open=yes [ >t1 ]"),
        ("plain", "s1 [ >t1 ] s1:free=1 t1:free=2 [ ]"),
    ],
    "14 a value that is no image": [
        ("blanks", r's1:name=a [ >t1 ] t1:name="x\u0020y" [ ]'),
        ("blanks", r's1:name=a [ >t1 ] t1:name="x\u0020y" [ >t1 ]'),
        ("blanks", r's1:name=a [ >t1 ] t1:name="x\u0020y" [ ] s1:n=5 [ >t1 ]'),
        ("blanks", r's1:name=a [ >t1 ] t1:name="x\u0020y" [ ] t1:name=z [ >s1 ]'),
        ("blanks", r's1:name=a [ >t1 ] t1:name="x\u0020y" [ ] s1:name=q [ >t1 ]'),
        ("blanks", r's1:name=a [ >t1 ] t1:name="x\u0020y" 5s s1:name=q [ >t1 ]'),
    ],
    "16 what translates is not judged by value": [
        ("unknown", "s1:name=a [ >t1:name=q ]"),
        ("unknown", "s1:name=a [ >t1:name=q ] t1:name=z [ >s1:name=u ]"),
    ],
}

MEANWHILE = {
    "an edit meanwhile is taken up, or left for the next sync": [
        ("plain", "s1:name=a [ >t1 ] s1:name=x [ >t1 s1:name=y ] [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ] s1:name=x [ >t1 s1:name=y >t1 ] [ ]"),
        ("plain", "s1:name=a [ >t1 s1:name=b ] [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 s1:name=b >t1 ] [ ]"),
        ("plain", "s1:name=a [ s2:name=b >t1 ] [ >t2 ]"),
        ("plain", "s1:name=a [ s2:name=b >?s2 >t1 >t2 ]"),
        ("source-wins", "s1:name=a [ >t1 ] s1:name=x [ >t1 t1:name=y ] [ >s1 ]"),
        ("target-wins", "s1:name=a [ >t1 ] t1:name=y [ >s1 s1:name=x ] [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 t1:name=b ] [ >s1 ]"),
        ("merge", "s1:name=a;n=1 t1:name=a [ s1:n=2 >t1:n=1 ] [ >t1 ]"),
        ("condition", "s1:open=no;name=x [ s1:open=yes >t1 ]"),
        ("condition", "s1:open=yes;name=x [ s1:open=no >t1 ]"),
        ("condition", "s1:open=yes;name=x [ s1:open=no ] [ ]"),
        ("connected", "s1:name=x sb1:of=@s1 [ sb1:of=- >tb1 ] [ ]"),
        ("connected", "s1:name=x sb1:of=@s1 [ sb1:of=- >t1 >tb1 ]"),
        ("plain", "s1 [ >t1 s1:name=z ] [ ]x [ >t1 ]"),
    ],
    "a deletion meanwhile": [
        ("plain", "s1:name=a [ >t1 ] [ -s1 ] [ >-t1 ]"),
        ("plain", "s1:name=a [ >t1 ] [ -s1 >-t1 ]"),
        ("plain", "s1:name=a [ -s1 >t1 ] [ >-t1 ]"),
        ("plain", "s1:name=a [ >t1 -t1 ] [ >-s1 ]"),
        ("plain", "s1:name=a [ -s1 >t1 >-t1 ]"),
        ("plain", "s1:name=a [ >t1 ] -s1 t1:name=x [ -t1 ]"),
        ("detach", "s1:name=a [ >t1 ] s1:name=b [ >t1 -s1 ] [ ] t1:name=z [ ]"),
        ("plain", "s1 [ >t1 ] s1:name=x -t1 [ >-s1 ]"),
        ("orders", "s1 [ >t1 ] sb1:of=@s1 [ -s1 >tb1 ] [ >-t1 ]"),
    ],
    "syncs that gave up before the one that settled": [
        ("plain", "s1:name=a [ >t1 ]x s1:name=b [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ]x -s1 [ >-t1 ]"),
        ("plain", "s1:name=a [ ]x [ ]x [ >t1 ]"),
        ("plain", "s1:name=a [ >t1 ]x t1:name=b [ >s1 ]"),
        ("source-wins", "s1:name=a [ >t1 ] s1:name=x [ >t1 ]x t1:name=y [ >s1 ]"),
        ("condition", "s1:open=yes;name=x [ >t1 ]x s1:open=no [ ]"),
        ("connected", "s1:name=x sb1:of=@s1 [ >t1 ]x sb1:of=- [ >tb1 ]"),
        ("connected", "s1:name=x sb1:of=@s1 [ >t1 ]x -sb1 [ ]"),
        ("orders", "s1 sb1:title=x [ >t1 >tb1 ]x sb1:of=@s1 [ >tb1 ]"),
        ("merge", "s1:name=a t1:name=a;n=1 [ >s1 ]x s1:name=b [ >t1 ]"),
        ("merge", "s2:name=a t1:name=a;n=1 [ >s2<t1 ]x s1:name=a [ >t2<s1 ]"),
        ("both", "t1:name=a [ ]x t1:name=b [ >s1 ]"),
    ],
}

KINDS = {
    "policies": [
        ("keep", "s1:name=a [ >t1 ] s1:name=- [ ] [ ]"),
        ("keep", 's1:name=a [ >t1 ] s1:name="" [ ] t1:name=b [ >s1 ]'),
        ("keep", "s1:name=a [ >t1 ] t1:name=b [ >s1 s1:name=- ] [ ]"),
        ("keep", "s1:name=a [ >t1 ] s1:name=- t1:name=b [ >s1 ]"),
        ("keep", "s1:name=a [ >t1 ] s1:name=- [ ] t1:name=- [ ]"),
        ("keep", 's1:name=a [ >t1 ] s1:name="" [ ] t1:name=- [ ]'),
        ("keep", 's1:name="" [ >t1:n=- ]'),
        ("merge-keep", "s1:name=a;n=1 t1:name=a [ >t1 ]"),
        ("merge", 's1:name=a;n="" t1:name=a [ ]'),
        ("source-wins", "s1:name=a [ >t1 ] s1:name=x 5s t1:name=y [ >t1 ]"),
        ("target-wins", "s1:name=a [ >t1 ] t1:name=y 5s s1:name=x [ >s1 ]"),
        ("detach", "s1 [ >t1 ] -s1 [ ] t1 [ ] -t1 [ ]"),
        ("detach", "s1 [ >t1 ] -t1 [ ] s1 [ ]"),
        ("both", "t1:name=a [ >s1 ] s1:name=b [ >t1 ] -t1 [ >-s1 ]"),
        ("merge-both", "t1:name=a s1:name=a;n=1 [ >t1 ] t2:name=b [ >s2 ]"),
    ],
    "shapes": [
        ("fan-out", "s1:name=a [ >t1 ] s1:name=b [ >t1 ]"),
        ("fan-out", "s1:name=a [ >t1 ] t1:First=b t1:Second=c [ >s1:name=b >t1 ]"),
        ("fan-out", "s1:name=a [ >t1 ] t1:First=b t1:Second=c [ >s1:name=c >t1 ]"),
        ("fan-in", "s1:p=a;q=b [ >t1:In=a ]"),
        ("fan-in", "s1:p=a;q=b [ >t1:In=b ]"),
        ("fan-in", "s1:p=a;q=b [ >t1:In=b ] s1:p=z [ ]"),
        ("fan-in", "s1:p=a;q=b [ >t1:In=b ] t1:In=c [ >s1:p=c ]"),
        ("fan-in", "s1:p=a;q=b [ >t1:In=b ] t1:In=c [ >s1:q=c ]"),
        # the target's edit went to one source, and lost to the other one
        ("fan-in", "s1:p=a;q=b [ >t1:In=b ] t1:In=c 3s s1:q=d [ >s1:p=c >t1:In=d ]"),
        # what was empty when the records merged is no edit, in a source that shares its target, too
        ("fan-in-merge", "t1:n=1;In=x 5s s1:n=1;q=b [ >s1:p=x >t1:In=b ]"),
        ("fan-in-merge", "t1:n=1;In=x 5s s1:n=1;q=b [ >t1:In=b ]"),
        ("fan-in-merge", "t1:n=1;In=x 5s s1:n=1 [ >s1:p=x;q=x ]"),
        ("fan-in-merge", "t1:n=1;In=x 5s s1:n=1 [ >s1:q=x ]"),
        ("fan-in-merge", "t1:n=1 5s s1:n=1 [ ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] s1:p=-;q=- [ ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] s1:p=- [ ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] s1:p=- [ >t1:In=b ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] t1:In=- [ ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] s1:p=-;q=- 5s t1:In=c [ >s1:p=c ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] t1:In=c 5s s1:p=-;q=- [ >s1:p=c ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] t1:In=c 5s s1:p=- [ >s1:p=c ]"),
        ("fan-in-keep", "s1:p=a;q=b [ >t1:In=a ] t1:In=c 5s s1:p=-;q=z [ >s1:p=c >t1:In=z ]"),
        # an element more for one counterpart is one more for the other, too
        (
            "two-lists",
            "s1:lines=[{}] [ >t1 >tb1<s1 ] t1:Lines=[{},{}] [ >s1:lines=[{},{}] >tb1<s1 ]",
        ),
        # nobody can tell by which row it came: one of them converts as nobody knows
        (
            "shared",
            "s1:d=a;b=x [ >t1:Fax=a;Code=a ] t1:Fax=f;Code=c [ >s1:d=f;b=c >t1:Code=f ]",
        ),
        # several sections about the same two types: what was made is told by what it holds
        ("twins", "s1:name=a [ >tb1<s1 >t1 ] tb1:name=c [ >s1:name=c ]"),
        ("twin-in-prose", "s1:name=a [ >tb1<s1 ] tb1:name=c [ >s1:name=c ]"),
        ("when", "s1:phone=1 [ >t1 ] t1:Kind=off [ ] s1:phone=2 [ ]"),
        ("when", "s1:phone=1 [ >t1 ] t1:Kind=off [ ] s1:phone=2 [ ] t1:Kind=on [ >t1 ]"),
        ("when", "s1:phone=1 [ >t1 ] t1:Kind=off [ ] s1:phone=2 [ ] t1:Kind=on [ >s1 ]"),
        ("when", "s1:name=x [ >t1 ] t1:Mobile=5 [ ]"),
        ("when-listed", "s1:phone=1 [ >t1<s1:kind=on;mobile=1 ]"),
        ("phones", "s1:phone=1 [ >t1 ] s1:phone=2 [ >t1 ]"),
        ("phones", 's1:phone="" [ >t1:name=- ]'),
        ("phones", 's1:phone=1 [ >t1 ] t1:phones=[{"Kind":"off","Number":9}] [ >s1:phone=- ]'),
        ("one-sided", 's1:mail=a [ >t1 ] t1:mails=[{"At":"c"},{"At":"a"}] [ ]'),
        (
            "two-in-one-element",
            's1:name=a;mail=m [ >t1 ] t1:mails=[];name=b [ >s1:name=b;mail=- >t1:mails=[{"Of":"b"}] ]',
        ),
        ("dash", "s1:name=a [ >t1 ] t1:name=- [ ]"),
        ("key", "s1 [ >t1 ] t1:no=7;name=z [ >t1:no=@s1 >s1 ]"),
        ("two-pairs", "s1 [ >t1 >tb1<s1 ] -t1 [ >-s1 >-tb1 ]"),
        ("two-sources", "s1:name=a sb1:title=a [ >t1 >tb1 ] s1:name=b [ >tb1:name=b ]"),
        ("lines", f"s1:lines={TWO} [ >t1 ] t1:lines=[] [ >s1 ] s1:lines={ONE} [ >t1 ]"),
    ],
    "records that cannot be told apart": [
        ("plain", "s1:name=a s2:name=a [ >t1<s1 >t2<s1 ] s1:name=b [ >t2<s1 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1 >t2 ] t1:name=b [ >s2<t1 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1 >t2 ] -s1 [ >-t2 ] s2:name=b [ >t1<s2 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1 >t2 ] -t1 [ >-s2 ]"),
        ("detach", "s1:name=a s2:name=a [ >t1 >t2 ] -s1 [ ] t2:name=z [ ] s2:name=b [ >t1<s2 ]"),
        ("detach", "s1:name=a s2:name=a [ >t1 >t2 ] -t1 [ ] s1:name=z [ >t2<s1 ] s2:name=b [ ]"),
        ("bare", "s1 s2 s3 [ >t1 >t2 >t3 ] -s1 [ >-t3 ] -t1 [ >-s2 ]"),
        ("bare-detach", "s1 s2 [ >t1 >t2 ] -s1 [ ] -t2 [ ]"),
        ("plain", "s1:name=a -s1 s2:name=a [ >t2 ]"),
        ("plain", "s1:name=a [ s2:name=a >?s2 >t1 >t2 ] s1:name=b [ >t2<s1 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1 >t2 s2:name=b ] [ >t1<s2 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1 >t2 s1:name=b ] [ >t2<s1 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1 >t2 -s1 ] [ >-t2 ]"),
        ("plain", "s1:name=a s2:name=a [ >t1<s1 >t2<s2 s1:name=b >t2<s1 ] [ ]"),
        ("merge", "s1:name=a s2:name=a t1:name=a [ >t2 ]"),
        ("orders", "s1:name=a s2:name=a sb1:of=@s1 [ >t1 >t2 >tb1<sb1:of=@t2 ]"),
        (
            "orders",
            "s1:name=a s2:name=a [ >t1 >t2 ] sb1:of=@s1;title=q [ >tb1<sb1:of=@t2 ] s1:name=b [ >t2<s1 ]",
        ),
        ("chain", "sb1:title=a sb2:title=a;next=@sb1 [ sb1:next=@sb2 >tb1:title=a >tb2 ] [ >tb1 ]"),
    ],
    "one made record for which several call": [
        ("plain", "s1:name=a [ -s1 s2:name=a >?s2 >t1<s2 ]"),
        ("plain", "s1:name=a [ -s1 s2:name=a >?s2 >t1<s2 ] s2:name=b [ >t1<s2 ]"),
        ("plain", "s1:name=a [ -s1 s2:name=a >?s2 >t1 ] [ >-t1 >t2 ]"),
        ("both", "t1:name=a [ -t1 t2:name=a >?t2 >s1<t2 ] [ ]"),
        ("both", "t1:name=a [ -t1 t2:name=a >?t2 >s1 ] [ >-s1 >s2 ]"),
        (
            "connected",
            "s1:name=a s2:name=a sb1:title=q [ sb1:of=@s1 >?sb1 sb1:of=@s2 >?sb1 >t1<s2 >tb1<sb1:of=- ] [ >tb1:of=@t1 ]",
        ),
    ],
    "merges that several could have had": [
        ("merge", "s1:name=a t1:name=a;n=1 t2:name=a;n=2 [ >s1<t1 ]"),
        ("merge", "t1:name=a;n=1 s2:name=a [ s1:name=a >s2<t1 ] [ >t2<s1 ]"),
        ("merge", "t1:name=a;n=1 s2:name=a [ s1:name=a >s1<t1 >t2<s2 ]"),
        ("merge", "t2:name=a;n=2 s1:name=a [ t1:name=a;n=1 >s1<t2 ]"),
        ("merge", "s1:name=a [ t1:name=a >t2<s1 ] [ ]"),
        ("merge", "t1:name=a [ s1:name=a ] s1:name=b [ >t1 ]"),
        ("merge", "t1:name=a [ s1:name=a ] s1:name=b [ >t2<s1 ]"),
        ("merge", "t1:name=a [ s1:name=a >?s1 >t2<s1 ]"),
        ("never", "s1:name=a t1:name=a [ ] s1:name=b [ >t1 ]"),
        ("never", "s1:name=a t1:name=b [ ] s1:name=c [ ]"),
        ("never", "s1:name=a t1:name=b [ t1:name=a ] t1:name=c [ ]"),
        ("never", "s1:name=a t1:name=b [ t1:name=a ] t1:name=c [ >s1 ]"),
        ("merge", 's1:name="" t1:name="" [ >t2<s1 ]'),
        (
            "merged-twice",
            "s1:name=a;n=1 [ >t1 ] tb1:title=b;code=1 [ >s1:name=b >t1:name=b ]",
        ),
    ],
    "a reference that is completed later, or has nothing to be completed with": [
        ("refused", "s1:name=far-too-long sb1:of=@s1 [ >tb1 ] s1:name=ok [ >t1 >tb1 ]"),
        ("refused", "s1:name=far-too-long sb1:of=@s1 [ >tb1 ] s1:name=ok [ >t1 -s1 ] [ >-t1 ]"),
        ("refused", "s1:name=far-too-long sb1:of=@s1 [ >tb1 ] s1:name=ok -s1 [ ]"),
        ("orders", "s1:name=a [ >t1 ] t2:name=b sb1 [ >tb1 ] tb1:of=@t2 [ ]"),
    ],
    "what was edited before its record was deleted": [
        ("detach", "s1:name=a [ >t1 ] s1:name=x -s1 [ >t1:name=x ]"),
        ("detach", "s1:name=a [ >t1 ] t1:name=x -t1 [ >s1:name=x ]"),
        ("detach", "s1:name=a [ >t1 ] s1:name=x [ -s1 >t1:name=x ]"),
        ("detach", "s1:name=a [ >t1 ] -s1 t1:name=x [ ]"),
        ("detach", "s1:name=a;n=1 [ >t1 ] s1:name=x t1:n=2 -s1 [ >t1:name=x ]"),
        ("detach-fan-out", "s1:name=a [ >t1 ] t1:First=x -s1 [ >t1:Second=x ]"),
        ("detach-key", "s1:name=a [ >t1 ] t1:No=q -s1 [ >t1:No=1 ]"),
    ],
}

SIMPLE = ("plain", "ledgers", "shops", "turned", "detach", "keep", "merge", "lines", "bare")

STORIES = [
    pytest.param(name, text, id=f"{group[:24]}-{name}-{text[:50]}")
    for table in (PERMITTED, MEANWHILE, KINDS)
    for group, stories in table.items()
    for name, text in stories
]


@pytest.mark.parametrize(("name", "text"), STORIES)
def test_an_honest_connector_is_not_accused(name: str, text: str) -> None:
    chronicle = tell(text, dataflow(name))
    assert said(chronicle) == []


@pytest.mark.parametrize(("name", "text"), STORIES)
def test_nor_in_the_syncs_that_follow(name: str, text: str) -> None:
    more = "s8:name=q t1:free=3 [ >t8 ] [ ]" if name in SIMPLE else ""
    assert said(tell(f"{text} [ ] {more} [ ]", dataflow(name))) == []


@pytest.mark.parametrize(("name", "text"), STORIES)
def test_nor_where_idle_syncs_come_in_between(name: str, text: str) -> None:
    idle = text.replace("[ ]x", "[[ ]x")
    head, *rest = idle.split(" ] ")
    slower = (
        " ] [ ] [ ] ".join([head, *rest]) if " [ " in head and not edits_meanwhile(text) else idle
    )
    assert said(tell(slower, dataflow(name))) == []
