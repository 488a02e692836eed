"""The texts of role_texts.py in the languages of the student's door alone.

Nobody of ours has reviewed them: a municipality offers each when somebody named has read it.
"""

from typing import Final

#: language → role → (name, what for)
NAMES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "se": {
        "nurse": (
            "Skuvlabuohccidivššár",
            "Rumaš, nahkárat, dovddut, seksa, biebmu, čoavjevárka. Stuorra ja smávva áššit.",
        ),
        "counsellor": ("Ráđđeaddi", "Skihpárat, givssideapmi, bearaš, streassa, mii lea váttis skuvllas."),
        "psychologist": ("Psykologa", "Lossa jurdagat, ballu, moraš, go oaivi ii bisán."),
        "ppt": ("PP-bálvalus", "Go lea váttis lohkat, oahppat dahje leat skuvllas."),
        "ssp": ("SSP-ráđđeaddi", "Váttisvuođat, gárrenávdnasat, veahkaváldi, govat mat juogaduvvojit."),
        "guidance": ("Bagadalli", "Skuvlaválljen, suorggi molsun, maid don háliidat dahkat."),
    },
    "ar": {
        "nurse": (
            "ممرضة المدرسة",
            "الجسم، النوم، المشاعر، الجنس، الأكل، ألم البطن. الأمور الكبيرة والصغيرة.",
        ),
        "counsellor": ("مرشد المدرسة", "الأصدقاء، التنمّر، العائلة، الضغط، وما هو صعب في المدرسة."),
        "psychologist": ("أخصائي نفسي", "أفكار ثقيلة، خوف، حزن، عندما لا يهدأ رأسك."),
        "ppt": ("خدمة المساعدة في التعلّم (PPT)", "عندما تصعب القراءة أو التعلّم أو البقاء في المدرسة."),
        "ssp": ("مستشار SSP", "مشاكل، مخدرات، عنف، صور منشورة، عندما تسوء الأمور."),
        "guidance": ("مرشد الدراسة والمهنة", "اختيار المدرسة، تغيير الاتجاه، ماذا تريد بعد ذلك."),
    },
    "uk": {
        "nurse": ("Шкільна медсестра", "Тіло, сон, почуття, секс, їжа, біль у животі. Велике й мале."),
        "counsellor": ("Шкільний радник", "Друзі, цькування, родина, стрес, те, що важко у школі."),
        "psychologist": ("Психолог", "Важкі думки, страх, горе, коли голова не зупиняється."),
        "ppt": ("Служба допомоги в навчанні (PPT)", "Коли важко читати, вчитися або бути у школі."),
        "ssp": (
            "Консультант SSP",
            "Неприємності, наркотики, насильство, поширені фото, коли щось іде не так.",
        ),
        "guidance": ("Консультант з навчання", "Вибір школи, зміна напряму, чого ти хочеш далі."),
    },
    "pl": {
        "nurse": (
            "Pielęgniarka szkolna",
            "Ciało, sen, uczucia, seks, jedzenie, ból brzucha. Sprawy duże i małe.",
        ),
        "counsellor": ("Pedagog szkolny", "Przyjaciele, nękanie, rodzina, stres, to, co trudne w szkole."),
        "psychologist": ("Psycholog", "Ciężkie myśli, lęk, smutek, gdy głowa nie chce przestać."),
        "ppt": ("Pomoc w nauce (PPT)", "Gdy trudno czytać, uczyć się albo być w szkole."),
        "ssp": ("Doradca SSP", "Kłopoty, narkotyki, przemoc, udostępnione zdjęcia, gdy coś idzie źle."),
        "guidance": ("Doradca zawodowy", "Wybór szkoły, zmiana kierunku, czego chcesz dalej."),
    },
    "so": {
        "nurse": (
            "Kalkaalisada dugsiga",
            "Jirka, hurdada, dareenka, galmada, cuntada, calool xanuun. Wax weyn iyo wax yar.",
        ),
        "counsellor": (
            "La-taliyaha dugsiga",
            "Saaxiibbo, cagajuglayn, qoys, walbahaar, waxa dugsiga ku adag.",
        ),
        "psychologist": ("Cilmi-nafsi yaqaan", "Fikirro culus, cabsi, murugo, marka maskaxdu aamusi weydo."),
        "ppt": (
            "Adeegga caawinta barashada (PPT)",
            "Marka akhriska, barashada ama dugsiga joogistiisu adag tahay.",
        ),
        "ssp": (
            "La-taliyaha SSP",
            "Dhibaatooyin, maandooriye, rabshad, sawirro la faafiyay, marka wax qaldamaan.",
        ),
        "guidance": ("Hagaha waxbarashada", "Doorashada dugsiga, beddelka jihada, waxa aad xigta rabto."),
    },
    "ti": {
        "nurse": ("ነርስ ቤት ትምህርቲ", "ኣካላት፡ ድቃስ፡ ስምዒት፡ ጾታዊ ርክብ፡ ምግቢ፡ ቃንዛ ከብዲ። ዓብን ንእሽቶን።"),
        "counsellor": ("ኣማኻሪ ቤት ትምህርቲ", "ኣዕሩኽ፡ ምክብባድ፡ ስድራቤት፡ ጸቕጢ፡ ኣብ ቤት ትምህርቲ ዘጸግም።"),
        "psychologist": ("ስነ-ኣእምሮኣዊ ሓኪም", "ከቢድ ሓሳብ፡ ፍርሒ፡ ሓዘን፡ ርእስኻ ምስ ዘይዓርፍ።"),
        "ppt": ("ሓገዝ ትምህርቲ (PPT)", "ምንባብ፡ ምምሃር ወይ ኣብ ቤት ትምህርቲ ምዃን ምስ ዝኸብድ።"),
        "ssp": ("ኣማኻሪ SSP", "ጸገም፡ ሓሽሽ፡ ዓመጽ፡ ዝተዘርግሐ ስእሊ፡ ገለ ነገር ምስ ዝጋገ።"),
        "guidance": ("መራሒ ትምህርትን ሞያን", "ምርጫ ቤት ትምህርቲ፡ ምቕያር ኣንፈት፡ ድሕሪኡ እንታይ ትደሊ።"),
    },
}

#: language → (health, school): what the helper can keep to themselves
KEEPS: Final[dict[str, tuple[str, str]]] = {
    "se": (
        "Lea garra jávohisvuođageasku. Hállá vuos duinna jus earát galget diehtit.",
        "Lea jávohisvuođageasku. Ferte muitalit rektorii jus don it leat oadjebas skuvllas.",
    ),
    "ar": (
        "يحفظ ما تقوله بسرية تامة. يتحدث معك أولاً إذا كان على غيره أن يعرف.",
        "يحفظ السر. عليه أن يخبر المدير إذا لم تكن بأمان في المدرسة.",
    ),
    "uk": (
        "Суворо зберігає таємницю. Спершу говорить з тобою, якщо треба знати іншим.",
        "Зберігає таємницю. Мусить сказати директору, якщо у школі тобі небезпечно.",
    ),
    "pl": (
        "Ściśle zachowuje tajemnicę. Najpierw rozmawia z tobą, jeśli inni muszą wiedzieć.",
        "Zachowuje tajemnicę. Musi powiedzieć dyrekcji, jeśli w szkole nie jesteś bezpieczny.",
    ),
    "so": (
        "Si adag ayuu sirta u ilaaliyaa. Marka hore adiga ayuu kula hadlaa.",
        "Sirta wuu ilaaliyaa. Waa inuu maamulaha u sheegaa haddii dugsiga aadan ammaan ku ahayn.",
    ),
    "ti": (
        "ምስጢር ኣጥቢቑ ይሕሉ። ካልኦት ክፈልጡ እንተኾይኖም፡ ቅድም ምሳኻ ይዛረብ።",
        "ምስጢር ይሕሉ። ኣብ ቤት ትምህርቲ ውሑስ እንተዘይኮንካ፡ ንርእሰ መምህር ክነግር ኣለዎ።",
    ),
}
