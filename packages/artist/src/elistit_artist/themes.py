"""The themes the built-in artist knows, with the words that mean them.

Data; pure. A theme names the themes and tags of figures it gathers, so a new figure joins by its own tags; the figures it
names itself (`first`) must be there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One theme. `words` (or phrases) in an idea mean it; figures belong when one of their themes is in `themes` or
    one of their tags or their code is in `tags`; `near` are themes to borrow from when more distinct images are
    wanted. `first` are the figures a buyer expects before any other, in that order."""

    code: str
    title: str
    words: tuple[str, ...]
    themes: tuple[str, ...]
    tags: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


def _w(listed: str) -> tuple[str, ...]:
    """Words and phrases from one string, parted by bars."""
    return tuple(listed.split("|"))


THEMES: tuple[Theme, ...] = (
    Theme(
        code="woodland",
        title="Woodland",
        words=_w(
            "woodland|forest|woods|wood animals|forest animals|waldtiere|wald|bosque|"
            "forêt|foret|enchanted forest|fall animals|camping animals|wilderness"
        ),
        themes=("woodland", "forest"),
        tags=(),
        near=("mushroom", "autumn", "botanical"),
    ),
    Theme(
        code="farm",
        title="Farm",
        words=_w("farm|barnyard|barn|farmhouse|farmyard|country life|bauernhof|granja|ferme|farm animals|livestock"),
        themes=("farm",),
        tags=("farm",),
        near=("pets", "garden", "botanical"),
        first=_w("cow|pig|sheep|hen|horse|duck|goat|barn|rooster|chick|brown_cow|duckling|llama"),
    ),
    Theme(
        code="ocean",
        title="Ocean",
        words=_w(
            "ocean|sea|under the sea|underwater|nautical|marine|beach|coastal|sea life|"
            "meer|mar|océan|seaside|mermaid|reef|aquarium|sailing|sailor"
        ),
        themes=("ocean", "sea", "beach", "nautical"),
        tags=("sea", "ocean", "beach"),
        near=("tropical",),
    ),
    Theme(
        code="safari",
        title="Safari",
        words=_w("safari|jungle|africa|african|zoo|savanna|savannah|serengeti|selva|wild animals|dschungel"),
        themes=("safari", "jungle", "zoo"),
        tags=("safari", "jungle", "zoo"),
        near=("tropical",),
        first=_w("lion|elephant|giraffe|zebra|monkey|tiger|hippo"),
    ),
    Theme(
        code="arctic",
        title="Arctic",
        words=_w("arctic|polar|antarctic|north pole|winter animals|snow animals|ice"),
        themes=("arctic", "polar"),
        tags=("arctic",),
        near=("winter", "christmas", "woodland"),
    ),
    Theme(
        code="pets",
        title="Pets",
        words=_w("pets|pet|house animals|haustiere|mascotas|domestic animals|veterinary|vet"),
        themes=("pets", "pet"),
        tags=("pet",),
        near=("farm",),
    ),
    Theme(
        code="birds",
        title="Birds",
        words=_w("birds|bird|songbirds|garden birds|vögel|voegel|pájaros|aves|oiseaux|feathered|backyard birds"),
        themes=("birds", "bird"),
        tags=("bird", "birds"),
        near=("woodland", "garden"),
    ),
    Theme(
        code="insects",
        title="Garden Insects",
        words=_w("insects|bugs|pollinators|butterflies|bees|garden insects|minibeasts|bug"),
        themes=("insects",),
        tags=("insect",),
        near=("garden", "floral"),
    ),
    Theme(
        code="garden",
        title="Garden",
        words=_w(
            "garden|gardening|spring garden|cottagecore|cottage|potting shed|garten|jardín|"
            "jardin|greenhouse|plants|plant"
        ),
        themes=("garden",),
        tags=("garden", "gardening", "insect"),
        near=("floral", "botanical", "insects"),
    ),
    Theme(
        code="spring",
        title="Spring",
        words=_w("spring|springtime|frühling|primavera|april|may flowers"),
        themes=("spring",),
        tags=("spring",),
        near=("floral", "easter", "garden"),
    ),
    Theme(
        code="botanical",
        title="Botanical",
        words=_w(
            "botanical|botanicals|botanic|greenery|leaves|leaf|foliage|fern|ferns|"
            "sprigs|sprig|herbs|herbal|eucalyptus|branches|blätter|pflanzen|hojas|"
            "green leaves|stems"
        ),
        themes=("botanical",),
        tags=("leaf", "greenery", "herb"),
        near=("floral", "boho"),
    ),
    Theme(
        code="wildflower",
        title="Wildflowers",
        words=_w("wildflower|wildflowers|wild flowers|wildblumen|meadow|meadow flowers|flower field|flores silvestres"),
        themes=("wildflower",),
        tags=("meadow",),
        near=("floral", "insects", "botanical"),
        first=_w("cosmos|poppy|daisy|lavender|anemone|wheat|sunflower|bouquet|jar|corner|wreath"),
    ),
    Theme(
        code="floral",
        title="Florals",
        words=_w(
            "floral|florals|flower|flowers|blossom|blossoms|bloom|blooms|bouquet|bouquets|blumen|flores|fleurs|peonies|"
            "roses|flower garden"
        ),
        first=_w("peony|rose|anemone|tulip|cosmos|bouquet|hydrangea|daisy|poppy|sunflower|wreath|corner|border|jar"),
        themes=("floral", "flowers"),
        tags=("flower", "blossom"),
        near=("botanical", "wedding"),
    ),
    Theme(
        code="wedding",
        title="Wedding",
        words=_w(
            "wedding|bridal|bride|engagement|save the date|hochzeit|boda|mariage|bridal shower|marriage|anniversary"
        ),
        themes=("wedding",),
        tags=("wedding",),
        near=("floral", "botanical", "boho", "valentine"),
    ),
    Theme(
        code="boho",
        title="Boho",
        words=_w("boho|bohemian|pampas|dried flowers|macrame|desert|southwestern|hippie"),
        themes=("boho", "desert"),
        tags=("boho", "desert"),
        near=("botanical", "celestial", "floral"),
    ),
    Theme(
        code="mushroom",
        title="Mushrooms",
        words=_w("mushroom|mushrooms|toadstool|toadstools|fungi|fungus|pilze|setas|champignons|goblincore|shrooms"),
        themes=("mushroom", "mushrooms"),
        tags=("mushroom", "fungi", "toadstool"),
        near=("woodland", "autumn", "botanical"),
    ),
    Theme(
        code="autumn",
        title="Autumn",
        words=_w("autumn|fall|harvest|thanksgiving|herbst|otoño|automne|october|november|pumpkin patch"),
        themes=("autumn", "fall", "harvest"),
        tags=("harvest",),
        near=("woodland", "mushroom"),
    ),
    Theme(
        code="celestial",
        title="Celestial",
        words=_w(
            "celestial|galaxy|space|outer space|astronomy|"
            "mystical|night sky|cosmic|witchy|universe|solar system|moon and stars|sun and moon"
        ),
        themes=("celestial", "space", "mystical"),
        tags=("celestial",),
        near=("boho", "botanical"),
    ),
    Theme(
        code="kitchen",
        title="Kitchen",
        words=_w("kitchen|baking|bakery|cooking|recipe|recipes|food|foods|küche|cocina|cuisine|chef|cook|bake"),
        themes=("kitchen", "food", "baking"),
        tags=("food", "kitchen"),
        near=("fruit", "sweets"),
        first=_w(
            "mixing_bowl|whisk|rolling_pin|cupcake|bread|pie|cookie|teapot|measuring_spoons|milk|strawberry|honey|"
            "gingerbread|citrus|donut|teacup|cake"
        ),
    ),
    Theme(
        code="fruit",
        title="Fruit",
        words=_w("fruit|fruits|berries|berry|citrus|summer fruit|obst|fruta|frutas|orchard|tutti frutti|lemonade"),
        themes=("fruit",),
        tags=("fruit", "berry"),
        near=("kitchen",),
    ),
    Theme(
        code="vegetable",
        title="Vegetables",
        words=_w("vegetable|vegetables|veggies|veggie|market garden|farmers market|gemüse|verduras|harvest table"),
        themes=("vegetable",),
        tags=("vegetable",),
        near=("kitchen", "garden"),
    ),
    Theme(
        code="sweets",
        title="Sweets",
        words=_w(
            "sweets|sweet|candy|dessert|desserts|cake|cakes|cupcake|cupcakes|donut|"
            "donuts|ice cream|cookies|pastry|treats|patisserie|chocolate"
        ),
        themes=("sweets",),
        tags=("sweet", "dessert", "cake"),
        near=("kitchen",),
    ),
    Theme(
        code="tea",
        title="Tea and Coffee",
        words=_w(
            "coffee|tea|tea party|cafe|café|drinks|cocktail|cocktails|latte|cocoa|"
            "hot chocolate|teatime|tea time|coffee shop"
        ),
        themes=("coffee",),
        tags=("tea", "coffee"),
        first=_w("teacup|teapot"),
        near=("kitchen", "sweets"),
    ),
    Theme(
        code="christmas",
        title="Christmas",
        words=_w(
            "christmas|xmas|holiday|holidays|noel|noël|weihnachten|navidad|yule|santa|"
            "festive|advent|christmas time|christmastime"
        ),
        themes=("christmas",),
        tags=("christmas",),
        near=("winter", "woodland"),
        first=_w(
            "christmas_tree|reindeer|snowman|gingerbread|stocking|gift|bauble|penguin|holly|candy_cane|bell|candle|"
            "polar_bear|mitten|snowflake"
        ),
    ),
    Theme(
        code="winter",
        title="Winter",
        words=_w("winter|winter wonderland|snow|snowy|frost|invierno|hiver|january|snowflake|cozy winter|ski"),
        themes=("winter",),
        tags=("winter", "snow"),
        near=("christmas", "arctic", "woodland"),
    ),
    Theme(
        code="halloween",
        title="Halloween",
        words=_w(
            "halloween|spooky|witch|witches|ghost|ghosts|trick or treat|haunted|pumpkins|"
            "creepy|vampire|day of the dead|dia de los muertos|boo|cute halloween"
        ),
        themes=("halloween",),
        tags=("halloween", "spooky"),
        near=("autumn", "celestial", "mushroom"),
        first=_w("ghost|pumpkin|bat|witch_hat|cauldron|cat|spider|owl|candy|lantern"),
    ),
    Theme(
        code="easter",
        title="Easter",
        words=_w("easter|ostern|pascua|pâques|easter bunny|easter egg|easter eggs"),
        themes=("easter",),
        tags=("easter",),
        near=("spring", "farm", "floral"),
        first=_w("rabbit|easter_egg|chick|basket|duckling|sheep|tulip|nest|carrot"),
    ),
    Theme(
        code="valentine",
        title="Valentine",
        words=_w("valentine|valentines|valentine's|love|heart|hearts|romance|galentine|sweetheart"),
        themes=("love", "valentine"),
        tags=("love", "heart", "valentine"),
        near=("floral", "wedding", "sweets"),
    ),
    Theme(
        code="baby",
        title="Baby and Nursery",
        words=_w(
            "baby|babies|nursery|newborn|baby shower|infant|kinderzimmer|bebé|bebe|bébé|"
            "christening|gender reveal|toddler|kids room"
        ),
        themes=("baby", "nursery"),
        tags=("nursery", "toy"),
        near=("woodland", "safari", "celestial"),
        first=_w(
            "rabbit|elephant|moon|bear|rainbow|cloud|star|giraffe|pram|duckling|rattle|balloon|fox|sheep|heart|sun|hatchling"
        ),
    ),
    Theme(
        code="birthday",
        title="Birthday",
        words=_w("birthday|party|celebration|geburtstag|cumpleaños|anniversaire|confetti|balloons|balloon|fiesta"),
        themes=("birthday", "party"),
        tags=("birthday", "party"),
        near=("sweets", "baby"),
    ),
    Theme(
        code="tropical",
        title="Tropical",
        words=_w(
            "tropical|summer|hawaii|hawaiian|palm|palms|island|caribbean|flamingo|"
            "flamingos|paradise|sommer|verano|monstera|pool party|luau"
        ),
        themes=("tropical", "summer"),
        tags=("tropical", "palm", "hawaii", "island"),
        first=_w("flamingo|pineapple|hibiscus|toucan|palm_tree|monstera|palm|sun"),
        near=("ocean", "safari", "fruit"),
    ),
    Theme(
        code="cactus",
        title="Cacti and Succulents",
        words=_w("cactus|cacti|succulent|succulents|mexico|mexican|llama|houseplants|houseplant|potted plants"),
        themes=("cactus", "succulent", "houseplant"),
        tags=("cactus", "succulent", "houseplant"),
        near=("boho", "botanical"),
    ),
    Theme(
        code="travel",
        title="Travel and Camping",
        words=_w(
            "travel|camping|camp|adventure|hiking|outdoors|road trip|"
            "explorer|vacation|scout|wanderlust|campfire|national park"
        ),
        themes=("camping", "travel", "outdoors"),
        tags=("camping", "travel", "outdoor"),
        near=("woodland",),
    ),
    Theme(
        code="school",
        title="School",
        words=_w(
            "school|teacher|back to school|classroom|teachers|books|library|student|schule|escuela|bookish|stationery"
        ),
        themes=("school", "books"),
        tags=("school", "book"),
        near=("autumn", "tea"),
        first=_w("books|pencil|globe|backpack|paint_palette|orchard"),
    ),
    Theme(
        code="dinosaur",
        title="Dinosaurs",
        words=_w("dinosaur|dinosaurs|dino|dinos|jurassic|prehistoric|t rex|dinosaurier"),
        themes=("dinosaur", "dinosaurs"),
        tags=("dinosaur",),
        near=("safari", "tropical"),
    ),
    Theme(
        code="home",
        title="Cozy Home",
        words=_w("home|house|houses|cozy home|hygge|new home|housewarming|cozy|village|cottages"),
        themes=("home", "cozy", "house"),
        tags=("home", "cozy", "house"),
        near=("tea", "kitchen", "garden"),
    ),
)

FALLBACK = "botanical"

# Themes that color another one ("baby safari animals" are safari animals first).
SOFT = frozenset({"baby", "boho", "spring", "home", "birthday", "garden", "winter", "autumn"})

# Words that lead to a theme but name a thing of its own that no figure shows: they are not drawn, whatever the theme gives.
THINGS = frozenset(
    {
        "santa",
        "mermaid",
        "witch",
        "witches",
        "vampire",
        "sailor",
        "sailing",
        "bride",
        "macrame",
        "cocktail",
        "cocktails",
        "cocoa shop",
        "confetti",
        "campfire",
        "library",
        "scout",
        "stationery",
        "potting shed",
        "greenhouse",
        "pumpkin patch",
        "chef",
        "cook",
        "teacher",
        "teachers",
        "student",
        "lemonade",
        "aquarium",
        "house",
        "houses",
        "village",
        "cottages",
        "cottage",
        "coffee shop",
        "cafe",
        "café",
        "ski",
        "chocolate",
        "ice",
        "explorer",
        "farmers market",
        "barnyard",
        "may flowers",
        "hippie",
        "dinosaurier",
        "pastry",
        "flower field",
    }
) - {"barnyard", "may flowers", "hippie", "dinosaurier", "flower field", "teacher", "teachers"}


def theme(code: str) -> Theme:
    """The theme of a code. Raises KeyError for an unknown one."""
    for candidate in THEMES:
        if candidate.code == code:
            return candidate
    raise KeyError(code)
