"""Figures of many, small ones withheld before they are kept: about nobody."""

from kernel.privacy import Kind

REGISTER = {
    "QuarterOfHelp.id": Kind.TECHNICAL,
    "QuarterOfHelp.first_day": Kind.TECHNICAL,
    "QuarterOfHelp.school": Kind.SETTING,
    "QuarterOfHelp.role": Kind.SETTING,
    "QuarterOfHelp.whole": Kind.TECHNICAL,
    "QuarterOfHelp.answered": Kind.TECHNICAL,
    "QuarterOfHelp.read": Kind.TECHNICAL,
    "QuarterOfHelp.met": Kind.TECHNICAL,
    "QuarterOfHelp.yes": Kind.TECHNICAL,
    "QuarterOfHelp.little": Kind.TECHNICAL,
    "QuarterOfHelp.no": Kind.TECHNICAL,
    "QuarterOfHelp.unsaid": Kind.TECHNICAL,
}
