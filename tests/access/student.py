"""What a student meets, and what every page stands on."""

from tests.access.answers import NO, Row, all_get, open_to_all

STUDENT = (
    open_to_all("", "contact:first"),
    open_to_all(r"^S/(?P<rest>[\s\S]*)$", "contact:way_in"),
    open_to_all(r"^s/(?P<rest>[\s\S]*)$", "contact:way_in"),
    open_to_all("sitemap.xml", "contact:sitemap"),
    open_to_all("robots.txt", "ui:robots"),
    open_to_all("who/", "contact:who"),
    open_to_all("who/<slug:slug>/", "contact:who_at"),
    Row("simple/", ("contact:simple",), all_get(302), all_get(302)),
    open_to_all("privacy/", "contact:privacy"),
    open_to_all("anonymous/", "contact:anonymous"),
    open_to_all("accessibility/", "contact:accessibility"),
    open_to_all("knock/", "contact:knock", 200, 200),
    open_to_all("moved/", "contact:moved", 404, 404),
    open_to_all("receipt/", "contact:receipt", 200, 404),
    Row("conversation/state/", ("contact:state",), all_get(404, student=204), all_get(405)),
    Row("conversation/", ("contact:conversation",), all_get(303, student=200), all_get(303, student=403)),
    Row(
        "conversation/withdraw/", ("contact:withdraw",), all_get(303, student=200), all_get(303, student=403)
    ),
    Row("conversation/refuse/", ("contact:refuse",), all_get(303), all_get(303, student=403)),
    Row("friend/", ("reach:friend",), all_get(303), all_get(303)),
    # Nobody here has come by an eID; a form that names no provider comes back with what was typed (422).
    Row("eid/", ("eid:mine",), all_get(303), NO),
    Row("eid/set-out/", ("eid:set_out",), all_get(303), all_get(422)),
    Row("eid/arrived/", ("eid:arrived",), all_get(403), NO),
    Row("eid/open/", ("eid:open",), NO, all_get(303)),
    Row("eid/tell/", ("eid:tell",), all_get(303), all_get(303, student=403)),
    Row("eid/leave/", ("eid:leave",), NO, all_get(303)),
    Row("conversation/files/<int:number>/", ("contact:file",), all_get(303, student=200), NO),
    Row("conversation/<slug:name>/", ("contact:panel",), all_get(303), all_get(303, student=403)),
    open_to_all("calendar/<slug:token>.ics", "meetings:feed", 404),
    Row("exit/", ("contact:exit", "ui:exit"), all_get(302), all_get(302)),
    Row("language/", ("contact:language", "ui:language"), NO, all_get(303)),
    open_to_all("theme.<slug:digest>.css", "ui:theme"),
    open_to_all("icon.svg", "ui:icon"),
    open_to_all("ui/", "ui:gallery"),
    open_to_all(r"^theme\.(?P<stamp>[0-9a-f]{12}|default)\.css$", "setup_files:theme"),
    open_to_all(r"^face\.(?P<stamp>[0-9a-f]{16})\.webp$", "setup_files:face", 404, 404),
    open_to_all(r"^logo\.(?P<stamp>[0-9a-f]{16})\.png$", "setup_files:logo", 404, 404),
    open_to_all("manifest.webmanifest", "setup_files:manifest"),
    open_to_all("sw.js", "setup_files:worker"),
    open_to_all("offline/", "setup_files:offline"),
    open_to_all(
        r"^app-icon\.(?P<stamp>[0-9a-f]{12}-(?:192|512|512-cut))\.png$", "setup_files:icon", 404, 404
    ),
    open_to_all("demo/", "demo:cast", 404),
    open_to_all("demo/sign-in", "demo:sign_in", 405, 404),
    open_to_all("demo/move-on", "demo:move_on", 405, 404),
    open_to_all("demo/mail/", "demo:mail", 404),
    open_to_all("demo/eid/.well-known/openid-configuration", "demo:eid_configuration", 404),
    open_to_all("demo/eid/keys", "demo:eid_keys", 404),
    open_to_all("demo/eid/authorize", "demo:eid_authorize", 404, 404),
    open_to_all("demo/eid/token", "demo:eid_token", 405, 404),
)
