"""Latin names of the plants and animals the artist draws, for plates that letter them.

Data and one lookup; pure. Only a species that a figure (or one of its kinds) stands for is listed, under its accepted binomial.
It must never give a name to a figure that could be several species: a figure that isn't here is never lettered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Species:
    """A species: its `latin` binomial, what it is `called` in English, and what of it a plate shows beside the specimen:
    `below` the stem ("roots", "taproot", "bulb" or nothing) and `details` such as its seeds. `number` is its plate's."""

    latin: str
    called: str
    below: str
    details: tuple[str, ...]
    number: int

    @property
    def plate(self) -> str:
        """The number of the plate, as it is lettered."""
        return f"Plate {roman(self.number)}"

    @property
    def lettered(self) -> tuple[str, str, str]:
        """Everything a plate letters, from the bottom line up to the number."""
        return (self.latin, self.called, self.plate)


# Figure (=kind, where only that kind is the species): Latin name; English name; below the stem; details.
_LISTED = """
poppy=a red poppy: Papaver rhoeas; Common poppy; taproot; capsule,seeds
daisy=a white daisy: Leucanthemum vulgare; Oxeye daisy; roots; achenes,petal
tulip: Tulipa gesneriana; Garden tulip; bulb; petal,seeds
sunflower: Helianthus annuus; Common sunflower; roots; achenes,petal
anemone: Anemone coronaria; Poppy anemone; bulb; petal,seeds
cosmos: Cosmos bipinnatus; Garden cosmos; roots; achenes,petal
peony: Paeonia lactiflora; Chinese peony; roots; petal,seeds
rose=a dusty pink rose: Rosa × centifolia; Cabbage rose; ; hip,petal
rose=a red rose: Rosa gallica; French rose; ; hip,petal
hydrangea=a blue hydrangea: Hydrangea macrophylla; Bigleaf hydrangea; ; petal,seeds
hydrangea=a pink hydrangea: Hydrangea macrophylla; Bigleaf hydrangea; ; petal,seeds
lavender=a lavender sprig: Lavandula angustifolia; English lavender; roots; nutlets
hibiscus: Hibiscus rosa-sinensis; Chinese hibiscus; ; petal,seeds
lotus=a white water lily: Nymphaea alba; White water lily; ; petal,seeds
cherry_blossom=a pink cherry blossom branch: Prunus serrulata; Japanese cherry; ; drupe,petal
cherry_blossom=a white cherry blossom branch: Prunus serrulata; Japanese cherry; ; drupe,petal
cherry_blossom=a plum blossom branch: Prunus mume; Japanese apricot; ; drupe,petal
cherry_blossom=an almond blossom branch: Prunus dulcis; Almond; ; stone,petal
shamrock=a shamrock: Trifolium repens; White clover; ; seeds
shamrock=a four-leaf clover: Trifolium repens; White clover; ; seeds
fern=a green fern: Nephrolepis exaltata; Sword fern; roots; spores
olive: Olea europaea; Olive; ; drupe,stone
eucalyptus=a sage eucalyptus sprig: Eucalyptus cinerea; Argyle apple; ; gumnuts
monstera: Monstera deliciosa; Swiss cheese plant; ; 
pampas: Cortaderia selloana; Pampas grass; roots; grains
wheat: Triticum aestivum; Common wheat; roots; grains
holly: Ilex aquifolium; Common holly; ; drupe,seeds
acorn: Quercus robur; English oak; ; nut
oak_leaf: Quercus robur; English oak; ; nut
pine_cone: Pinus sylvestris; Scots pine; ; winged
maple_leaf: Acer saccharum; Sugar maple; ; winged
herb=a basil sprig: Ocimum basilicum; Basil; roots; nutlets
herb=a chives sprig: Allium schoenoprasum; Chives; bulb; seeds
herb=a dill sprig: Anethum graveolens; Dill; taproot; achenes
herb=a mint sprig: Mentha spicata; Spearmint; roots; nutlets
herb=a parsley sprig: Petroselinum crispum; Parsley; taproot; achenes
herb=a rosemary sprig: Salvia rosmarinus; Rosemary; roots; nutlets
herb=a sage sprig: Salvia officinalis; Common sage; roots; nutlets
herb=a thyme sprig: Thymus vulgaris; Common thyme; roots; nutlets
mushroom=a red spotted mushroom: Amanita muscaria; Fly agaric; ; gills,spores
mushroom=a family of red spotted mushrooms: Amanita muscaria; Fly agaric; ; gills,spores
citrus=a lemon: Citrus × limon; Lemon; ; section,pips
citrus=an orange: Citrus × sinensis; Sweet orange; ; section,pips
orchard=a red apple: Malus domestica; Apple; ; core,pips
orchard=a green apple: Malus domestica; Apple; ; core,pips
orchard=a pear: Pyrus communis; Common pear; ; core,pips
cherries: Prunus avium; Sweet cherry; ; drupe,stone
peach=a peach: Prunus persica; Peach; ; drupe,stone
peach=two peaches on a twig: Prunus persica; Peach; ; drupe,stone
grapes: Vitis vinifera; Common grape vine; ; pips
avocado: Persea americana; Avocado; ; stone
tomato=a ripe tomato: Solanum lycopersicum; Tomato; ; pips
tomato=tomatoes on the vine: Solanum lycopersicum; Tomato; ; pips
carrot: Daucus carota; Carrot; ; achenes
watermelon=a whole watermelon: Citrullus lanatus; Watermelon; ; pips
summer_berries=a sprig of raspberries: Rubus idaeus; Red raspberry; ; pips
pineapple: Ananas comosus; Pineapple; ; 
cactus=a saguaro cactus: Carnegiea gigantea; Saguaro; ; seeds
fox: Vulpes vulpes; Red fox; ; 
bear: Ursus arctos; Brown bear; ; 
rabbit: Oryctolagus cuniculus; European rabbit; ; 
raccoon: Procyon lotor; Northern raccoon; ; 
squirrel: Sciurus vulgaris; Red squirrel; ; 
badger: Meles meles; European badger; ; 
skunk: Mephitis mephitis; Striped skunk; ; 
wolf: Canis lupus; Gray wolf; ; 
moose: Alces alces; Moose; ; 
hedgehog: Erinaceus europaeus; European hedgehog; ; 
owl=a barn owl: Tyto alba; Barn owl; ; 
owl=a snowy owl: Bubo scandiacus; Snowy owl; ; 
bird=a robin: Erithacus rubecula; European robin; ; 
bird=a blue tit: Cyanistes caeruleus; Eurasian blue tit; ; 
bird=a bluebird: Sialia sialis; Eastern bluebird; ; 
bird=a cardinal: Cardinalis cardinalis; Northern cardinal; ; 
bird=a chickadee: Poecile atricapillus; Black-capped chickadee; ; 
bird=a goldfinch: Spinus tristis; American goldfinch; ; 
bird=a sparrow: Passer domesticus; House sparrow; ; 
bee: Bombus terrestris; Buff-tailed bumblebee; ; 
moth=a luna moth: Actias luna; Luna moth; ; 
cow: Bos taurus; Cattle; ; 
brown_cow: Bos taurus; Cattle; ; 
highland_cow: Bos taurus; Highland cattle; ; 
cream_highland_cow: Bos taurus; Highland cattle; ; 
black_highland_cow: Bos taurus; Highland cattle; ; 
sheep: Ovis aries; Domestic sheep; ; 
horse: Equus caballus; Horse; ; 
goat: Capra hircus; Domestic goat; ; 
llama: Lama glama; Llama; ; 
hen: Gallus gallus; Domestic fowl; ; 
rooster: Gallus gallus; Domestic fowl; ; 
duck=a mallard: Anas platyrhynchos; Mallard; ; 
cat: Felis catus; Domestic cat; ; 
dog: Canis familiaris; Domestic dog; ; 
lion: Panthera leo; Lion; ; 
lion_cub: Panthera leo; Lion; ; 
tiger: Panthera tigris; Tiger; ; 
elephant: Loxodonta africana; African elephant; ; 
hippo: Hippopotamus amphibius; Hippopotamus; ; 
panda: Ailuropoda melanoleuca; Giant panda; ; 
koala: Phascolarctos cinereus; Koala; ; 
giraffe: Giraffa camelopardalis; Giraffe; ; 
zebra: Equus quagga; Plains zebra; ; 
capybara: Hydrochoerus hydrochaeris; Capybara; ; 
polar_bear: Ursus maritimus; Polar bear; ; 
reindeer: Rangifer tarandus; Reindeer; ; 
dolphin: Tursiops truncatus; Bottlenose dolphin; ; 
whale=a narwhal: Monodon monoceros; Narwhal; ; 
turtle=a green sea turtle: Chelonia mydas; Green sea turtle; ; 
fish=an orange and white clownfish: Amphiprion ocellaris; Ocellaris clownfish; ; 
fish=a blue tang fish: Paracanthurus hepatus; Blue tang; ; 
axolotl: Ambystoma mexicanum; Axolotl; ; 
flamingo: Phoenicopterus ruber; American flamingo; ; 
toucan=a toucan: Ramphastos toco; Toco toucan; ; 
swan=a white swan: Cygnus olor; Mute swan; ; 
swan=a black swan: Cygnus atratus; Black swan; ; 
stork: Ciconia ciconia; White stork; ; 
turkey=a brown turkey: Meleagris gallopavo; Wild turkey; ; 
goose=a Canada goose: Branta canadensis; Canada goose; ; 
peacock=a blue peacock: Pavo cristatus; Indian peafowl; ; 
donkey: Equus asinus; Donkey; ; 
orchid=a white orchid: Phalaenopsis amabilis; Moth orchid; roots; petal
lily=a white lily: Lilium candidum; Madonna lily; bulb; petal,seeds
lily=an orange tiger lily: Lilium lancifolium; Tiger lily; bulb; petal,seeds
daffodil=a yellow daffodil: Narcissus pseudonarcissus; Wild daffodil; bulb; petal,seeds
trex: Tyrannosaurus rex; Tyrannosaur; ; 
triceratops: Triceratops horridus; Triceratops; ; 
long_neck: Brachiosaurus altithorax; Brachiosaur; ; 
stegosaur: Stegosaurus stenops; Stegosaur; ; 
"""


@cache
def listed() -> dict[str, Species]:
    """Every species by the figure or "figure=kind" that is one; those of one Latin name share a plate's number."""
    found: dict[str, Species] = {}
    numbers: dict[str, int] = {}
    for line in _LISTED.strip().splitlines():
        key, _, said = line.partition(": ")
        latin, called, below, details = (part.strip() for part in said.split(";"))
        number = numbers.setdefault(latin, len(numbers) + 1)
        found[key] = Species(latin, called, below, tuple(d for d in details.split(",") if d), number)
    return found


def of(code: str, params: dict[str, Any]) -> Species | None:
    """The species that one variant of a figure shows; None when it could be several, or is none."""
    return listed().get(f"{code}={params.get('kind')}") or listed().get(code)


def roman(number: int) -> str:
    """A whole number from 1 to 3999 in Roman numerals."""
    said = ""
    for value, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
        (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        said += sign * (number // value)
        number %= value
    return said
