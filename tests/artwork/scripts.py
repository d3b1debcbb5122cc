"""Words in forty and more scripts, for tests that ask whether a script can be set and set it."""

from __future__ import annotations

SET = {
    "Latin": "Happy Birthday", "Polish": "Wszystkiego najlepszego, Łucjo", "Vietnamese": "Chúc mừng sinh nhật", "Greek": "Χρόνια πολλά",
    "Cyrillic": "С днём рождения", "Hebrew": "יום הולדת שמח", "Yiddish": "אַ פֿריילעכן געבוירן־טאָג", "Arabic": "عيد ميلاد سعيد",
    "Persian": "می\u200cخواهم تولدت مبارک", "Urdu": "سالگرہ مبارک", "Armenian": "Ծնունդդ շնորհավոր", "Georgian": "გილოცავ დაბადების დღეს",
    "Devanagari": "जन्मदिन मुबारक हो", "Marathi": "वाढदिवसाच्या शुभेच्छा", "Bengali": "শুভ জন্মদিন", "Gurmukhi": "ਜਨਮਦਿਨ ਮੁਬਾਰਕ",
    "Gujarati": "જન્મદિવસની શુભેચ્છા", "Oriya": "ଜନ୍ମଦିନର ଶୁଭେଚ୍ଛା", "Tamil": "பிறந்தநாள் வாழ்த்துக்கள்", "Telugu": "పుట్టినరోజు శుభాకాంక్షలు",
    "Kannada": "ಹುಟ್ಟುಹಬ್ಬದ ಶುಭಾಶಯಗಳು", "Malayalam": "ജന്മദിനാശംസകൾ", "Sinhala": "සුබ උපන්දිනයක්", "Thai": "สุขสันต์วันเกิด", "Lao": "ສຸກສັນວັນເກີດ",
    "Khmer": "រីករាយថ្ងៃកំណើត", "Myanmar": "မွေးနေ့မှာ ပျော်ရွှင်ပါစေ",
    "Amharic": "መልካም ልደት", "Japanese": "お誕生日おめでとう", "Katakana": "ハッピーバースデー",
    "Korean": "생일 축하합니다", "Chinese": "生日快乐", "Traditional": "生日快樂", "Bopomofo": "ㄕㄥ ㄖˋ", "Emoji": "🎉 👩‍👩‍👧 👍🏽 ❤️ 🇩🇪",
    "Mixed": "Mazal tov (מזל טוב) 2026 生日 🎂",
}  # fmt: skip
# No bundled typeface has these; a card with them is refused by name.
REFUSED = {
    "Cherokee": "ᏣᎳᎩ", "Tibetan": "བཀྲ་ཤིས", "Mongolian": "ᠮᠣᠩᠭᠣᠯ", "NKo": "ߒߞߏ", "Thaana": "ދިވެހި", "Adlam": "𞤀𞤣", "Tifinagh": "ⵜⵉⴼ",
    "Javanese": "ꦗꦮ", "Balinese": "ᬩᬮᬶ", "Hieroglyphs": "𓀀", "Cuneiform": "𒀀", "Runic": "ᚠᚢᚦ", "Syriac": "ܫܠܡܐ", "Private": "\ue123",
    "Alone": "\u093f",
}  # fmt: skip
