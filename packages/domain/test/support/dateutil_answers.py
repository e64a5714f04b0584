"""Prints what dateutil.parser.parse of python-dateutil answers, one line a text: the answer, a tab, the text as JSON.

usage: dateutil_answers.py SEED COUNT [--picked]

An answer is a date, `refused`, or `incomplete` where dateutil takes year, month or day from today. COUNT texts are generated
from SEED; --picked adds those that are written out below. Two digits of a year are read as in 2026.
"""
import datetime
import json
import sys
import warnings

from dateutil.parser import parser, parserinfo

warnings.simplefilter("ignore")
sys.stdout.reconfigure(encoding="utf-8")

PICKED = [
    "Sept 13 2037", "sept. 13, 2037", "SEPTEMBER 13 2037", "Febr 13 2037", "May 13th 2037", "May 1st, 2037", "2nd May 2037",
    "3rd of May 2037", "13th of May 2037", "13th of May, 2037", "May the 13th 2037", "Wed May 13 10:36:28 2037",
    "Wed, 13 May 2037 10:36:28 GMT", "Wed May 13 10:36:28 EST 2037", "Wed May 13 2037 10:36:28 GMT+0200",
    "Wed May 13 2037 10:36:28 GMT+0200 (CEST)", "Wed May 13 2037 10:36:28 GMT+0200 (Central European Summer Time)",
    "5/13/2037, 10:36:28 AM", "5/13/2037, 10:36:28\u202fAM", "13/5/2037,\u00a010:36", "2037 May 13", "2037 13 May",
    "2037.May.13", "2037-May-13", "2037/May/13", "2037May13", "13May2037", "13-May-2037", "13/May/2037", "13.May.2037",
    "May-13-2037", "May/13/2037", "May.13.2037", "May 2037 13", "13 2037 May", "May of 2037", "13 May of 2037", "13 May of 37",
    "13 May of foo 2037", "20370513T103628", "20370513T1036", "20370513T10", "20370513103628", "203705131036", "370513",
    "20370513T103628.123456", "20370513T103628,5", "2037-05-13T10:36:28.123456789Z", "2037-05-13T10:36:28+02:00",
    "2037-05-13T10:36:28-0300", "2037-05-13 10:36 -03", "2037-05-13 10:36 -0300 (BRST)", "2037-05-13 10:36 (BRST)",
    "10:36 2037-05-13", "10:36:28 May 13 2037", "10 PM May 13 2037", "10pm 13 May 2037", "May 13 10 a.m. 2037",
    "2037-05-13 10h36m28s", "2037-05-13 10h 36m 28.5s", "2037-05-13 10 hours", "2037-05-13 12h04", "2037-05-13 10.5h",
    "2037-05-13 10 am", "2037-05-13 0:30 AM", "2037-05-13 13:00 PM", "2037-05-13 12 am", "2037-05-13 10:36 p",
    "2037-05-13 10:36 P.M.", "2037-05-13 25:00", "2037-05-13 10:60", "2037-05-13 10:36:60", "2037-05-13T24:00",
    "2037-05-13 10:00 UTC", "2037-05-13 10:00 z", "2037-05-13 10:00 EST", "2037-05-13 10:00 Est", "2037-05-13 UTC",
    "2037-05-13 10:00 UTC+3", "2037-05-13 10:00 GMT-03:30", "2037-05-13 10:00 +25:00", "2037-05-13 10:00 +123",
    "2037-05-13 10:00 EST EST", "2037-05-13 10:00 +", "2037-05-13 +02:00", "2037-05-13 10:00 ABCDEF", "2037-05-13 10:00 NAN",
    "37/5/13", "37-05-13", "32/5/13", "31/5/13", "13/5/31", "5/13/31", "1/2/3", "01/02/03", "10/11/12", "12/13/14", "13/14/15",
    "5/13/75", "5/13/76", "5/13/77", "99-01-02", "1-99-02", "0037-05-13", "May 13 0037", "100-05-13", "May 13 100", "May 13 101",
    "5 13 2037", "13 5 2037", "2037 5 13", "2037, 5, 13", "2037;5;13", "2037 05 13 10:36", "5-13/2037", "2037-5/13",
    "on May 13 2037", "on 13th of May 2037 at 10:36", "May 13 AD 2037", "May 13 '37", "and May 13 and 2037", "May 13 2037 BC",
    "May 13", "13 May", "May 2037", "2037", "13", "10", "Tuesday", "Tue 13 2037", "May", "10:36", "10 PM", "5/13", "2037-05",
    "203705", "2037-W20-3", "2037W203", "2037-W20", "2037-133", "2037133", "05-13-2037 05-14-2037", "", " ", "-", ".", "nonsense",
    "tomorrow", "now", "Mayo 13 2037", "Mai 13 2037", "Janu 9 2037", "Tues 13 May 2037", "Thurs 13 May 2037", "Tue 13 May 2037",
    "Monday, May 13 2037", "2037-02-29", "2036-02-29", "2100-02-29", "29 Feb 2037", "31 April 2037", "31/04/2037", "0/5/2037",
    "2037-13-01", "2037-00-10", "2037-01-00", "13/13/2037", "32 May 2037", "May 0 2037", "0000-01-01", "9999-12-31",
    "10000-01-01", "99999999999999999999", "2037-01-99999999999999999999", "May 13 99999999999999999999", "2037-01-02x",
    "x2037-01-02", "2037-01-02 nonsense", "2037-01-02-03", "2037-01-023", "2037--01-02", "2037-01-02/", "-2037-01-02",
    "+2037-01-02", "2037_01_02", "2037\u201301\u201302", "\uff12\uff10\uff13\uff17-05-13", "\u0968\u0966\u0969\u096d-05-13",
    "May\u200b13 2037", "\ufeffMay 13 2037", "1e3", "inf", "nan", "May 13.5 2037", "2037.05.13.10", "13.M", "12.13.2037",
    "May 5,2037", "13. May 2037", "13.5.37", "5.13.2037", "2037. 05. 13.", "13 de mayo de 2037", "13 mai 2037",
]

PIECES = [
    "2037", "37", "13", "5", "05", "1", "12", "31", "32", "0", "99", "100", "137", "20370513", "203705131036", "370513", "103628",
    "103628.5", "10:36", "10:36:28", "10.5", "10:36:28,123", "7", "24", "60", "May", "mAY", "Sept", "September", "Jan", "Febr",
    "Mon", "Wednesday", "am", "PM", "a", "p.m.", "h", "H", "m", "M", "s", "hours", "minutes", "T", "t", "Z", "z", "UTC", "GMT",
    "EST", "BRST", "CEST", "ABCDEF", "nan", "of", "OF", "at", "on", "and", "AD", "st", "nd", "rd", "th", "-", "/", ".", ",", ";",
    ":", "+", "(", ")", "'", " ", " ", " ", " ", "\u202f", "\u00a0", "\t", "+02:00", "-0300", "+3", "GMT+3", "-03:00 (BRST)",
    "foo", "_", "\u00e9", "\uff12\uff10\uff13\uff17", "\u096b", "99999999999999999999", "W01", "1.2.3", "13.M", "2037.May.13",
]
MONTHS = ["May", "5", "05", "Sept", "12", "feb.", "November", "OCT"]
DAYS = ["13", "5", "05", "13th", "1st", "31", "12", "22nd", "29"]
YEARS = ["2037", "37", "99", "2099", "'37", "2000", "0037"]
TIMES = [
    "", "", "", "10:36", "10:36:28 AM", "10pm", "10 a.m.", "10h36", "10h 36m 5s", "23", "10:36 EST", "10:36:28 GMT+0300",
    "10:36+02:00", "10:36 Z", "25:00", "10:36 -0300 (BRST)", "at 10 PM", "T1036", "10:36:28.123", "10:36:28\u202fPM",
]
EXTRA = ["Wed", "Sunday,", "on", "and", "of", "th", "foo", "UTC", "-", "10", "May", "2038"]
SEPARATORS = [" ", " ", " ", "-", "/", ".", ", ", " of ", ""]


class Dice:
    """A generator of its own: that of Python may change between versions."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def one_of(self, choices):
        return choices[self.below(len(choices))]


def generated(dice):
    if dice.below(4) == 0:
        return "".join(dice.one_of(PIECES) for _ in range(1 + dice.below(8)))
    parts = [dice.one_of(MONTHS), dice.one_of(DAYS), dice.one_of(YEARS)]
    parts = [parts.pop(dice.below(len(parts))) for _ in range(3)]
    if dice.below(3) == 0:
        parts.insert(dice.below(4), dice.one_of(EXTRA))
    parts.insert(dice.below(len(parts) + 1) if dice.below(3) == 0 else len(parts), dice.one_of(TIMES))
    separator = dice.one_of(SEPARATORS)
    text = ""
    for part in filter(None, parts):
        behind_date = part in TIMES and len(part) > 2
        text += ("" if text == "" else " " if behind_date else separator) + part
    return text


def answer(dates, text):
    answers = set()
    # What is missing is taken from the default, so the answers differ.
    for default in (datetime.datetime(2000, 1, 11), datetime.datetime(2004, 3, 22)):
        try:
            answers.add(dates.parse(text, default=default).date().isoformat())
        except (ValueError, OverflowError, ArithmeticError):
            answers.add("refused")
    if len(answers) == 1:
        return answers.pop()
    return "incomplete"


def main(seed, count, *options):
    info = parserinfo()
    info._year, info._century = 2026, 2000
    dates = parser(info)
    dice = Dice(int(seed))
    texts = list(PICKED) if "--picked" in options else []
    texts += [generated(dice) for _ in range(int(count))]
    for text in dict.fromkeys(text for text in texts if len(text) <= 100):
        print(answer(dates, text), json.dumps(text), sep="\t")


main(*sys.argv[1:])
