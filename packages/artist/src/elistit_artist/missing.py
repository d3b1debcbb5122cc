"""Things the artist does not draw: compound names that must not be read as one of their words, and what is nearest to them.

Data; pure. What stands here is never counted as drawn: it only decides what is shown in its place, as beyond the idea.
"""

from __future__ import annotations

from elistit_artist import lexicon
from elistit_artist.vocabulary import listed_names, pairs

# "Guinea pig" is no pig and "bird house" no bird: no figure is called so.
COMPOUNDS = listed_names(
    """
    awareness ribbon|disco ball|mirror ball|crystal ball|bowling ball|wrecking ball|cotton ball
    bow and arrow|crossbow|rain bow|button mushroom|belly button|golf club|golf cart|hockey stick
    ink bottle|ink bottles|inkwell|ink well|ink pot|ink pen|ink blot|ink stain|ink splash|ink splatter|ink pad|ink cloud|squid ink
    octopus ink|bottle of ink|pot of ink|printer ink|ink cartridge|fountain pen|ball pen|ballpoint pen|sketch book|sketchbook|sketch pad
    baseball cap|baseball glove|bus stop|train station|train track|train tracks|dragon boat|pizza box|coffee table|coffee pot
    red panda|guinea pig|sea lion|sea otter|sea urchin|sea monster|sea serpent|sea glass|mountain lion|snow leopard
    prairie dog|corn dog|fire dog|cat fish|catfish|french bulldog|bull dog|bulldog|boston terrier
    yorkshire terrier|great dane|german shepherd|border collie|cocker spaniel|bernese mountain dog|shih tzu
    basset hound|maine coon|sphynx cat|persian cat|bengal cat|gingerbread house|christmas village|christmas lights
    christmas light|string lights|fairy lights|fairy house|mushroom house|bird house|birdhouse|bird cage|birdcage
    dog house|doghouse|doll house|dollhouse|tree house|treehouse|haunted house|bee hive|beehive|spider web
    spiderweb|cobweb|ice skates|ice skating|ice cube|ice cubes|monster truck|ice cream truck
    book worm|moon cake|moon phase|moon phases|star wars|star fruit|rain boots|rain coat|cow skull|cow print
    cow hide|cow boy|cowboy|cowgirl|dragon fruit|passion fruit
    egg plant|eggplant|butter fly net|fishing rod|fish bowl|fish tank|bear trap|fox trot|mouse pad|goat cheese
    lamb chop|polar express|rocking horse|horse racing|race horse|race car|space suit|sun glasses|sunglasses
    sun hat|sun dress|star ship|rain drop|raindrop|raindrops|snow man hat|snow flake earrings
    flower girl|rose quartz|rose water|apple watch|orange juice|tea towel|coffee bean|coffee beans
    coffee machine|coffee maker|coffee grinder|paw print|paw prints|cat paw|dog paw|dog bone|fish bone
    pumpkin patch|pumpkin spice latte cup|tea bag|love bird
    lovebird|lovebirds|night light|light bulb|bell pepper|hot pepper|chili pepper|pine apple pizza|tree of life
    family tree|mermaid tail|unicorn horn|dragon egg|piggy bank|sea foam|seafoam|christmas sweater|ugly sweater
    baby yoda|baby clothes|baby shoes|baby feet|cat eye|tiger lily|tiger print|leopard print|zebra print
    tarot card|tarot cards|music note|music notes|musical note
    lion king|bee keeper|beekeeper|wheat field|corn field|bread maker|cookie monster|cookie cutter|candle holder
    book shelf|bookshelf|bookcase|book mark|globe trotter|bat man|batman|spider man|spiderman|ghost buster
    snow board|snowboard|wax seal|rubber duck|apple cider|ginger ale
    bull skull|longhorn skull|steer skull|deer skull|animal skull|police car|sports car|car seat
    train station|train tracks|bus stop|bicycle helmet|wine barrel|wine rack|pizza box|pizza oven
    guitar pick|yarn bowl|crown molding|robot vacuum|plane ticket|feather duster|feather boa|treasure map
    """
)

# A thing that is not drawn → what is shown in its place: a figure's code, or `theme:` and a theme's.
NEAREST: dict[str, str] = pairs(
    """
    dog: pug|poodle|husky|labrador|chihuahua|bulldog|french bulldog|shih tzu|german shepherd|border collie|spaniel|collie
    dog: great dane|schnauzer|pomeranian|maltese|doodle dog|goldendoodle|labradoodle|rottweiler|boxer dog
    dog: bernese mountain dog|greyhound|boston terrier|yorkshire terrier|cocker spaniel|basset hound
    cat: maine coon|persian cat|bengal cat|sphynx cat|ragdoll
    theme:ocean: pirate|sea lion|sea otter|stingray|lobster|shrimp|squid|orca|walrus|surfer|surfboard|sailor
    theme:ocean: aquarium|submarine
    theme:christmas: elf|elves|nutcracker|gnome|mrs claus|grinch|sleigh|christmas lights|gingerbread house
    theme:christmas: christmas village|nativity
    theme:halloween: witch|vampire|zombie|skeleton|skull|mummy|werewolf|frankenstein|haunted house|monster|cobweb|spider web
    theme:halloween: coffin|dracula|tombstone
    theme:safari: rhino|rhinoceros|leopard|cheetah|gorilla|crocodile|alligator|camel|lemur|hyena|kangaroo|ostrich
    theme:safari: meerkat|antelope|gazelle|chimpanzee|orangutan|warthog|snow leopard|jaguar
    theme:woodland: red panda|chipmunk|gnome|fairy|elf|lynx|bison|weasel|opossum|possum|porcupine|bobcat|cougar|mountain lion
    theme:woodland: mole
    theme:birds: eagle|hawk|crow|raven|swan|pigeon|dove|woodpecker|falcon|sparrowhawk|heron|crane|stork
    theme:birds: magpie|blue jay|bluejay|swallow|finch|puffin|kingfisher
    theme:farm: bull|scarecrow|farmer|cowboy|cowgirl|windmill|hay bale|bison|mule|ox
    theme:insects: dragonfly|grasshopper|moth|caterpillar|ant|beetle|firefly|cricket|mosquito|praying mantis|worm
    theme:dinosaur: pterodactyl|velociraptor|raptor|ankylosaurus|spinosaurus|pterosaur
    theme:celestial: astronaut|alien|ufo|tarot|astrology|satellite|telescope|robot|comet|eclipse
    theme:celestial: tarot card
    theme:floral: dahlia|iris|carnation|magnolia|cherry blossom|sakura|marigold|chrysanthemum
    theme:floral: camellia|ranunculus|protea|lotus|pansy|violet flower|bluebell|hyacinth|snowdrop|forget me not|geranium
    theme:floral: begonia|jasmine|gardenia|lilac flower|aster|zinnia|freesia|foxglove|wisteria|thistle|clover|shamrock
    theme:floral: azalea|delphinium
    theme:fruit: banana|grape|watermelon|peach|plum|mango|kiwi|blueberry|raspberry|blackberry|coconut|melon|papaya|fig
    theme:fruit: pomegranate|lime|grapefruit|apricot|cranberry|dragon fruit|passion fruit
    theme:vegetable: tomato|onion|garlic|broccoli|potato|pepper|cucumber|lettuce|cabbage|corn|pea|radish|beet|eggplant
    theme:vegetable: zucchini|celery|bell pepper|kale
    theme:kitchen: sushi|sandwich|pasta|noodle|ramen|cheese|pancake|waffle|apron|spatula|oven
    theme:kitchen: frying pan|mixer|chef|cook|baker|cupcake liner|kettle|toaster
    theme:sweets: macaron|macaroon|chocolate|popsicle|pudding|brownie|candy apple|cotton candy|milkshake
    theme:tea: cocktail|wine|beer|margarita|smoothie|lemonade|martini|barista|coffee bean
    theme:tea: soda
    theme:school: teacher|student|crayon box|graduation|graduate|library
    theme:school: librarian|notebook
    theme:baby: stork|pacifier|dummy|crib|cradle|booties|onesie|diaper|bib|baby clothes|baby shoes
    theme:baby: baby girl
    theme:wedding: bride|groom|bridesmaid|couple|wedding dress|veil|bow tie suit|church|engagement couple
    theme:valentine: cupid|kiss|lip|lips|couple in love
    theme:tropical: coconut|surfboard|pineapple drink|cocktail|bird of paradise|plumeria|tiki|hula|surfer|beach ball
    theme:tropical: sunglasses
    theme:travel: suitcase|map|compass|airplane|plane|passport|hiking boots
    theme:travel: canoe|kayak|van|camera
    theme:birthday: party hat|clown|confetti|pinata|cake topper|streamer
    theme:boho: macrame|feather|arrow|teepee|tipi|bull skull|cow skull|longhorn
    theme:garden: shovel|rake|flower pot|greenhouse|potting shed|birdhouse
    theme:garden: fence|gate|picket fence
    theme:cactus: aloe|aloe vera|snake plant|terrarium|houseplant|sombrero
    theme:home: house|cottage|village|fireplace|armchair|sofa|blanket|rocking chair|lamp|window|door|knitting
    cow: bull|yak|bison|ox
    horse: pegasus|zebra foal|mule|rocking horse
    """
)


def nearest(words: list[str]) -> str:
    """What is nearest to a thing that is not drawn: a figure's code, `theme:` and a theme's, or ""."""
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            for key in (" ".join(part), " ".join([*part[:-1], lexicon.singular(part[-1])])):
                if key in NEAREST:
                    return NEAREST[key]
    return ""
