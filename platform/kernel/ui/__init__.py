"""The design system: every page of Lavterskel is built from what is in this room.

Who uses it: every slice's templates (`{% load ui %}`), the front door, error pages and e-mails' colours.
Words: *element* (one file in `templates/ui/`), *scene* (a drawing with the door), *brand* (a municipality's
one colour), *theme* (all colours made from it). The list of elements with their parameters is `README.md`
beside this file.

Doors:
    theme.theme_css(hex), theme.theme_hash(hex)   one colour -> a whole accessible theme, light and dark
    when.say_when(instant, now, tz, lang)         "i dag kl. 14.05"
    crisis.numbers_for(country)                   operator-kept emergency numbers
    context.ui(request)                           what every template may use
    assets (python -m kernel.ui.assets)           builds static/ui/dist from npm and static/ui/src
    manage.py messages | compile_messages         translations without the gettext binaries
"""
