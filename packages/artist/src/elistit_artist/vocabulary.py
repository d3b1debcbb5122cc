"""What the words of an idea stand for, beyond the names of figures (see `known_as`), themes and colors.

Data and small lookups; pure. Words are lower case and singular unless they are looked up as typed. Nothing here may name a
thing the artist does not draw as if it did.
"""

from __future__ import annotations

from elistit_artist.lexicon import listed


def pairs(text: str) -> dict[str, str]:
    """Lines of `meaning: word|word phrase|…` as word → meaning."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        meaning, _, words = line.strip().partition(": ")
        found |= {w.strip(): meaning for w in words.split("|")}
    return found


def listed_names(text: str) -> frozenset[str]:
    """Names of one or more words, parted by bars or lines."""
    return frozenset(name for line in text.splitlines() for name in line.strip().split("|") if name)


# Heads of names that say too little alone: "glass", "leaf" or "set" is no name of a figure.
NOT_A_NAME = listed(
    """
    sprig frond plume branch leaf tree man toy glass glasses letter bird bowl pin jar bag fruit peak peaks cone cane half
    hat crescent spoons spoon scallop shell slice set pair bunch bottle pile stack string ear box egg eggs pup puppy palette
    spray tip cup twig stem sock garden flower flowers orchard bottle balloon retriever fish jelly sea gold steel boho plain
    wedding hearts stars arrow family olives smiling single tall toadstool milk tea coffee cocoa mug
    kit can boots boot drink lemonade pair burst handful sign book paddle truck wand ball bow slipper slippers cancer
    thread pill square helmet print finger post syrup jam vine tub wedge wagon
    ball cluster crown house lamp note pad plane roll ship sprig puppy comb wine cub lily pot tower board
    """
)

# What holds or counts things; of "set of dogs" only the dogs are drawn.
CONTAINERS = listed(
    """
    set pair bunch bottle bundle collection pack group lot series assortment variety dozen couple trio duo family herd flock
    team bucket handful box crate tray bowl row stack bag mix selection range batch stack pile load sheet page pages kind type types kinds
    sort variation
    version
    """
)
# Before "of" these only say how many there are, or how: a school of fish is fish. Elsewhere they name things of their own.
GATHERED = listed(
    """
    school pod pride litter colony swarm gaggle murder parade brood clutch army nest slice piece scoop spoonful sprinkle field
    """
)

# Words about the product, its file, its use or its buyer, and praise: they ask for nothing that could be drawn.
SILENT_MORE = listed(
    """
    clipart cliparts clip art png pngs jpg jpeg svg svgs vector file cutfile eps dxf pdf ai psd tiff gif zip dpi ppi px pixel pixels
    4k 8k hd uhd hires resolution
    quality format formats file files download downloadable downloads downloading digital instant printable printables print
    prints printing printed ready commercial personal license licence licensed royalty free use uses usage pod t-shirt tshirt
    tshirts shirt shirts tee tees tumbler tumblers tumbler wrap wraps design hoodie sweatshirt tote apron onesie
    sublimation sublimate dtf dtg cricut cameo cut cutting cuttable laser engraving engraved embroidery decal
    decals vinyl sticker stickers label labels tag tags planner planners journal journals journaling scrapbook scrapbooking
    scrapbooks cardmaking card cards invitation invitations invite invites stationery stationary notebook diary bujo bullet goodnotes
    procreate canva photoshop template templates editable icon icons logo logos emblem emblems graphic graphics
    illustration illustrations illustrated illustrator image images picture pictures photo photos drawing drawings drawn
    artwork artworks art arts artistic element elements object objects item items thing things piece pieces stuff component
    components motif motifs subject subjects set sets bundle bundles pack packs collection collections kit kits mega huge giant
    big large xl small mini little tiny medium size sized sizes full width height wide high low res
    transparent background backgrounds backdrop isolated clear white-background overlay overlays alpha layered layers layer
    craft crafts crafting crafter crafters diy maker makers project projects supply supplies material materials resource resources
    teacherspayteachers tpt etsy shop store seller sellers sale small business marketplace amazon kdp pinterest listing
    wall decor decoration decorations decorative deco decorate room rooms bedroom bathroom living hall hallway office house-decor above bed sofa
    poster posters canvas gallery frame-art artprint artprints hanging hangings framed
    cute cutest adorable lovely beautiful pretty gorgeous stunning nice sweet charming whimsical precious fluffy furry fuzzy
    chubby funny silly quirky amazing awesome great best premium professional exclusive unique original custom personalized
    personalised modern trendy aesthetic aesthetics vibe vibes style styles styled stylish theme themed themes classic elegant fancy chic
    simple simplistic detailed intricate high-quality elaborate realistic-looking hand handmade handdrawn handpainted painted
    painting paintings paint painterly-style new latest popular bestseller bestselling trending seasonal season
    various different assorted multiple several many some all every each any other more extra plus including includes include
    included featuring feature features feat containing contain contains consisting comes inspired inspiration inspirational based
    perfect ideal suitable great idea ideas concept
    gift gifts-for lover lovers fan fans enthusiast addict mom moms mommy mum mama mother mothers dad dads daddy father fathers
    grandma grandpa grandmother nana sister brother aunt uncle friend friends bestie wife husband
    kid kids child children childs childrens toddler toddlers preschool preschooler preschoolers kindergarten kindergartner infant boy
    boys girl girls boyish girly teen teens tween women woman's womens men mens man's adult adults ladies unisex family families
    him her them me you your yours my mine our us we they their his its it he she i who which what whose
    stripes portrait portraits head heads face faces appreciation awareness colored coloured color colors colour colours hue hues
    monday tuesday wednesday thursday friday saturday sunday
    day days week month year years 2023 2024 2025 2026 2027
    life living world land time fun creature creatures character characters cartoonish scene scenes
    first second third shaped country pc pcs ct count inch inches cm mm a3 a4 a5 gigantic oversized massive enormous
    tone tones toned shade shades done rendered executed sprung hi ultra
    one two three four five six seven eight nine ten eleven twelve fifteen sixteen twenty thirty fifty hundred dozen
    please want wants need needs make makes made create created creating show shows showing draw like looking look looks
    similar very really so super extra ultra most much just only also too both either not nor but if then than
    individually separate separately single coordinated coordinating matching together mixed
    hello hi welcome thanks
    is are be was were has have having do does can will would should could may might get gets got
    wearing dressed holding carrying
    seamless tileable tile tiles repeating repeat pattern patterns paper papers wallpaper fabric textile
    lineal happy-birthday nursery-decor
    homeschool worksheet worksheets classroom-decor activity activities flashcard flashcards
    ephemera junk fussy collage die sheet sheets page pages book-pages
    """
)  # fmt: skip

# Days whose names hold a person: they ask for nobody.
OCCASIONS = listed_names(
    "mothers day|mother day|fathers day|father day|grandparents day|womens day|childrens day|family day|fourth of july|4th of july"
    "|july 4th|july 4|independence day|cinco de mayo|memorial day|veterans day|labor day|nurses day|teachers day|earth day"
)

# Function words, by what they do: those that open a new group of words, and those that only join.
LEADS = listed(
    """
    with without in on at under over above below behind beside near by from into onto through around between inside outside
    against among amongst across along for of to as wearing holding carrying riding eating drinking playing reading
    sitting-on sleeping-on chasing hugging watching dancing flying-over surrounded featuring including inspired who that
    mit ohne für fuer von en con para sin avec pour dans
    """
)
JOINTS = listed(
    "a an the and or und y et ou nor plus n von der die das den dem la el los las le les de del des du un una une & +"
)
# A word for the product ends what it is about: "tractor clipart, farm" and "tractor clipart farm" are alike.
PRODUCTS = listed("clipart cliparts png pngs svg svgs bundle bundles sticker stickers printable printables")

# Who is asked for when nothing else is: beside a thing they only say whom it is for.
PEOPLE = listed(
    """
    kid kids child children boy boys girl girls woman women man men lady ladies mom mommy mum mother dad daddy father grandma
    grandpa family couple person people teen toddler wife husband sister brother friend friends girlfriend boyfriend
    """
)
# What a card says, or whom it greets; none of it is a thing on its front.
GREETINGS = (
    "sorry for your loss", "with deepest sympathy", "deepest sympathy", "thinking of you", "get well soon", "thank you", "thanks", "merry",
    "congratulations", "congrats", "best wishes", "good luck", "i love you", "love you", "miss you", "with love", "from our family", "welcome",
    "from our house to yours", "for her", "for him", "happy", "grandma", "grandpa", "mom", "mum", "dad", "sister", "brother", "daughter",
    "son", "wife", "husband", "friend", "teacher", "aunt", "uncle", "niece", "nephew",
)  # fmt: skip
# After these comes who or what the set is for; a word there that means nothing to the artist is not missed.
PURPOSE = listed("for für fuer para pour to")

# Media: word or phrase → the styles it is true of. In another style it will not be drawn.
MEDIA: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("watercolor", "watercolour", "watercolors", "watercolours", "aquarelle", "aquarell", "acuarela", "aquarel", "wash", "loose watercolor"),
        ("watercolor", "vintage"),
    ),
    **dict.fromkeys(
        ("ink", "inked", "ink drawing", "ink drawings", "ink illustration", "ink illustrations", "ink sketch", "ink art", "ink line",
         "ink line art", "pen drawing", "pen drawings", "pen sketch", "pen and ink", "pen ink", "pen and ink drawing", "india ink",
         "indian ink", "black ink", "in pen", "inky", "pencil and ink", "pen and pencil", "sketch", "sketched", "sketches"),
        ("ink", "vintage"),
    ),
    **dict.fromkeys(
        ("hatching", "hatched", "cross hatching", "cross hatched", "crosshatch", "crosshatched", "crosshatching", "cross hatch"),
        ("ink", "vintage"),
    ),
    **dict.fromkeys(("kawaii", "chibi", "cartoon", "cartoons", "cartoonish"), ("kawaii",)),
    **dict.fromkeys(("vector", "vectors", "vector art", "vector illustration", "vector style"), ("flat", "kawaii")),
    **dict.fromkeys(("line and wash", "ink and wash"), ("vintage",)),
    **dict.fromkeys(("storybook", "story book"), ("watercolor", "gouache")),
    **dict.fromkeys(("gouache", "tempera", "picture book"), ("gouache",)),
    **dict.fromkeys(("flat", "flat design", "minimal vector"), ("flat", "kawaii")),
    **dict.fromkeys(
        ("line art", "lineart", "line drawing", "line drawings", "outline", "outlines", "outlined", "coloring page", "coloring pages",
         "colouring page", "colouring pages", "coloring book", "colouring book", "coloring", "colouring", "black and white line art"),
        ("lineart",),
    ),
    **dict.fromkeys(
        ("vintage illustration", "vintage illustrations", "etching", "etchings", "etched",
         "herbarium", "engraving", "engraving style", "engraved", "naturalist", "victorian"),
        ("vintage",),
    ),
    **dict.fromkeys(
        ("realistic", "photorealistic", "hyperrealistic", "photo realistic", "lifelike", "3d", "three dimensional", "oil painting", "oil",
         "acrylic", "acrylic painting", "acrylic paint", "acrylics", "oil paint", "oils", "hyper realistic", "ultra realistic", "semi realistic",
         "alcohol ink", "ink wash", "brush ink", "sumi e", "sumie", "block print", "block printed", "lino print", "linoprint", "lino cut",
         "risograph", "riso", "screen print", "screen printed", "silkscreen", "stipple", "stippled", "stippling", "dotwork", "pointillism",
         "chalk pastel", "chalk pastels", "oil pastel", "oil pastels", "soft pastel drawing", "pastel drawing", "pastel pencil", "charcoal sketch",
         "graphite", "impasto", "airbrush", "airbrushed", "folk art", "comic", "comic book", "collage art", "quilling", "batik",
         "tie dye", "encaustic", "fresco", "lithograph", "cyanotype", "hand lettered", "lettered", "scribble", "isometric",
         "linocut", "lino", "woodcut", "pixel art", "pixel", "pop art", "anime", "manga", "claymation", "clay",
         "embroidered", "mosaic", "stained glass", "graffiti", "low poly", "charcoal drawing", "pencil drawing", "pencil sketch",
         "colored pencil", "chalk", "chalkboard", "crayon drawing", "doodle", "doodles", "glitter", "glittery", "sparkle", "sparkly", "metallic",
         "foil", "gold foil", "neon", "holographic", "origami", "rainbow colored", "rainbow colors",
         "paper cut", "papercut", "felt", "crochet", "silhouette", "silhouettes", "tattoo",
         "calligraphy", "hand lettering", "lettering", "typography"),
        (),
    ),
}  # fmt: skip

# Media that sellers also use for "nice" or for a file: never named as not drawn.
SOFT_MEDIA = listed("kawaii chibi cartoon cartoons cartoonish vector vectors")

# Endings by which a single unknown word before a comma is taken for an adjective, not for the thing asked for.
ADJECTIVE_ENDINGS = ("al", "ing", "ful", "ive", "ous", "ish", "ed", "less", "ic", "able", "ible", "esque")

# A theme that only colors what is named is worn by it: theme → what figures that can wear it put on.
WORN_FOR = {"birthday": "party hat", "spring": "flower crown", "winter": "knitted scarf", "christmas": "knitted scarf",
            "autumn": "leaf scarf"}  # fmt: skip
