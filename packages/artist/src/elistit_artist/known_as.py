"""Other names of figures. Data; nothing here may name a thing the artist does not draw as if it did."""

from elistit_artist.vocabulary import pairs

# Other names of figures: `code`, or `code=part of a kind` where only some of its kinds are meant; several with "+".
KNOWN_AS: dict[str, str] = pairs(
    """
    rabbit: bunny|bunny rabbit|easter bunny|hare|kaninchen|hase|conejo|lapin
    fox: fox kit|foxy|fuchs|zorro|renard
    bear+polar_bear: bear|bär|oso
    bear: teddy|teddy bear|brown bear|bear cub|grizzly|grizzly bear|forest bear|woodland bear
    panda: panda bear
    koala: koala bear
    polar_bear: polar bear|ice bear
    mouse: mice|field mouse|maus
    wolf: wolf pup|wolf cub
    deer: deer|doe|reh|ciervo
    deer=fawn: fawn|bambi|baby deer
    deer=stag: stag|buck|young stag
    raccoon: racoon|trash panda
    squirrel: red squirrel
    hedgehog: igel|erizo
    owl: eule|buho|búho|chouette
    bird: songbird|song bird|garden bird
    bird=robin: robin|red robin
    bird=blue tit: bluetit|blue tit
    frog: toad|tree frog|frosch
    bee: honey bee|honeybee|bumble bee|bumblebee|biene|abeja
    ladybug: lady bug|ladybird|lady bird
    butterfly: schmetterling|mariposa|papillon
    snail: snail shell
    mushroom: toadstool|shroom|fungi|fungus|pilz|champignon
    mushroom=red spotted: fly agaric|amanita
    pine_tree: pine|pine tree|evergreen|evergreen tree|fir|fir tree|spruce
    pine_cone: pinecone|pine cone
    acorn: acorn|acorns
    eucalyptus: eucalyptus leaf|eucalyptus branch
    fern: fern leaf
    olive: olive leaf|olive branch|olive sprig
    berry_sprig: berries|berry|berry branch|berries branch
    branch: leafy branch|twig
    palm: palm leaf|palm frond
    monstera: monstera leaf|swiss cheese plant
    wheat: wheat|wheat stalk|ear of wheat|wheat sheaf
    pampas: pampas grass|pampas
    lavender: lavender sprig|lavender flower|lavender field
    rose: rosebud|rosa
    daisy: daisies|marguerite
    sunflower: sun flower|sonnenblume|girasol
    wreath: wreath|flower wreath|floral wreath|leaf wreath
    bouquet: bouquet|flower bouquet|bunch of flower|posy|bridal bouquet|wedding bouquet|strauß
    corner: flower corner|corner
    corner+wreath+border: frame|floral frame|flower frame
    border: flower border|divider
    garland: flower garland|swag
    jar: mason jar|flower jar|jar of flower|vase|flower vase|vase of flower|wildflower jar|flowers in a jar
    cow+brown_cow: cow|calf|kuh|vaca|vache|heifer
    cow: dairy cow|holstein|holstein cow|spotted cow
    pig: piglet|piggy|schwein|cerdo
    sheep: lamb|schaf|oveja
    horse: horse|pony|foal|pferd|caballo|cheval
    goat: baby goat|ziege
    llama: alpaca
    hen: chicken|henne
    rooster: cockerel
    chick: baby chick|chickling|baby chicken
    duckling: baby duck|ducky
    duck: mallard duck
    nest: bird nest|birds nest
    cat: kitten|kitty|kitty cat|feline|katze|gato
    cat=orange tabby: ginger cat|orange cat|ginger kitten
    cat=tabby: tabby cat|tabby
    cat=gray: grey cat|gray cat|grey tabby cat
    dog: puppy|pup|doggy|doggie|canine|hund|perro|chien
    dog=golden: golden retriever|golden retriever puppy|goldie
    dog=dachshund: sausage dog|wiener dog|weiner dog|doxie
    dog=corgi: corgi puppy|welsh corgi
    lion: löwe|león
    hippo: hippopotamus
    trex: t rex|trex|tyrannosaur|tyrannosaurus|tyrannosaurus rex
    long_neck: brachiosaur|brachiosaurus|long neck|brontosaurus|diplodocus|long neck dinosaur
    stegosaur: stegosaurus
    triceratops: triceratop
    hatchling: baby dinosaur|baby dino|dinosaur egg|dino egg
    whale=narwhal: narwhal
    turtle: turtle|sea turtle|schildkröte
    fish: reef fish|tropical fish
    fish=clownfish: clownfish|clown fish
    fish=tang: blue tang|tang
    seahorse: sea horse
    seal: seal pup
    starfish: star fish|sea star
    shell: seashell|sea shell|shell
    jellyfish: jelly fish
    seaweed: kelp|algae
    sailboat: boat|sail boat|sailing boat|ship|sailing ship
    coral: coral reef|reef
    moon: moons|luna|mond
    moon=crescent: crescent|crescent moon
    star: stars|stern
    star=shooting: shooting star
    sun: sunshine|sonne
    cloud: wolke
    planet: planets|saturn
    balloon: hot air balloon
    party_balloons: balloon|party balloon|birthday balloon|bunch of balloon
    bunting: bunting|pennant|pennant banner|flag banner
    mountains: mountain|mountain peak
    dreamcatcher: dream catcher
    rocket: rocket ship|spaceship|space ship
    christmas_tree: christmas tree|xmas tree|weihnachtsbaum
    gift: present|gift box|christmas present|birthday present|christmas gift|birthday gift|gifts
    bauble: christmas ornament|christmas ball|ornament
    stocking: christmas stocking
    candy_cane: candy cane|candycane
    gingerbread: gingerbread man|gingerbread men|gingerbread cookie|gingerbread
    mitten: mittens
    bell: jingle bell|christmas bell
    reindeer: rudolph
    holly: holly berry|holly leaf
    penguin: pinguin
    pumpkin: kürbis
    pumpkin=wagon: pumpkin wagon|wagon of pumpkins
    pumpkin=stack: pumpkin stack|stacked pumpkins
    pumpkin=gourd: gourd|tall gourd
    pumpkin=jack: jack o lantern|jackolantern
    maple_leaf: maple|maple leaf
    stump: tree stump
    log: mossy log|fallen log
    ghost: ghost|gespenst|ghosty
    witch_hat: witch hat|witches hat
    candy=lollipop: lollipop
    candy: sweets candy|candies
    citrus=lemon: lemon|lemons
    citrus=orange: orange fruit
    orchard=apple: apple|apfel
    orchard=pear: pear
    cherries: cherry|cherries
    strawberry: strawberry|erdbeere|fresa
    donut: doughnut
    cookie: biscuit|cookies
    ice_cream: ice cream|icecream|ice cream cone|gelato
    pie: pie|apple pie|pumpkin pie
    groovy_daisy: groovy flower|groovy flowers|retro flower|retro flowers|groovy daisies|retro daisy|retro daisies|flower power
    groovy_daisy: hippie flower|hippie daisy|70s flower|70s flowers|70s daisy|retro groovy flower|retro groovy flowers|retro groovy daisies
    groovy_daisy=smiling: smiley flower|smiling flower|smiley daisy|smiling daisy|happy face flower|smiley face flower
    moon_phase: moon phase|moon phases|lunar phase|lunar phases|phases of the moon|lunar cycle
    atomic_shapes+starburst+boomerang_shapes: mid century abstract|midcentury abstract|mid century shapes|mid century modern shapes
    atomic_shapes+starburst+boomerang_shapes: midcentury shapes|mid century modern abstract|midcentury modern shapes|atomic age
    starburst: atomic starburst|atomic star
    boomerang_shapes: atomic boomerang
    trowel+wheelbarrow+hand_fork+watering_can+pruning_shears+gardening_gloves+garden_boots: garden tool|gardening tool|gardener tool
    trowel: garden trowel|hand trowel|gardening trowel
    hand_fork: hand fork|pitchfork|gardening fork
    pruning_shears: pruner|pruners|secateurs|garden shears|pruning shears|garden scissors
    gardening_gloves: garden glove|garden gloves|gardening glove
    garden_boots: rain boot|rain boots|rainboots|wellies|wellington|wellingtons|wellington boots|gumboots|rubber boots|gardening boots
    wheelbarrow: wheel barrow|barrow|garden cart
    seed_packet: seed packet|seed packets|flower seeds|seed pack|packet of seeds
    coffee_mug: mug|coffee mug|latte|cappuccino|flat white|mug of coffee|latte mug
    teacup=coffee+coffee_mug+takeaway_cup: coffee|kaffee
    teacup=coffee: coffee cup|cup of coffee|espresso|americano
    takeaway_cup: paper cup|takeaway cup|takeaway coffee cup|paper coffee cup|travel coffee cup|coffee to go|takeaway coffee|to go cup|disposable cup
    takeaway_cup: cup of takeaway coffee
    iced_drink: cold drink
    iced_drink=iced coffee: iced coffee|cold brew|iced latte
    iced_drink=bubble+boba_tea: boba|boba tea|bubble tea|milk tea|bubble tea cup
    iced_drink=matcha: matcha|matcha latte|iced matcha
    iced_drink=lemonade: pink lemonade
    teacup=tea: tea cup|cup of tea|tea
    teacup=cocoa: cocoa|hot cocoa|cup of cocoa|mug of cocoa|cup of hot chocolate|hot chocolate|cocoa mug|hot chocolate mug
    teapot: tea pot
    honey: honey pot|honey jar|jar of honey
    bread: bread loaf|loaf of bread|sourdough
    milk: milk|milk bottle|bottle of milk
    measuring_spoons: measuring spoon|measuring spoons
    books: pile of books|stack of books|book stack
    books+open_book: book|books
    open_book: open book|reading book|story book page
    open_book=flowers: floral book|book with flower|open book with flower
    pencil: yellow pencil
    backpack: school bag|schoolbag|bookbag
    paint_palette: artist palette|paint palette
    easter_egg: easter egg|painted egg|egg
    basket=egg: easter basket
    basket=flowers: flower basket|basket of flower
    cake=birthday: birthday cake
    cake=wedding: wedding cake
    heart: hearts|herz|corazón
    love_letter: love letter|envelope
    rings: wedding ring|engagement ring|wedding band
    champagne: champagne glass|champagne flute|prosecco
    rattle=rattle: baby rattle|rattle
    rattle=bottle: baby bottle
    pram: stroller|baby carriage|buggy
    cactus: cacti|saguaro
    toucan=parrot: parrot|macaw
    toucan=toucan: toucan
    palm_tree: palm tree|coconut tree
    hibiscus: hibiscus flower
    highland_cow+cream_highland_cow+black_highland_cow: highland cow|highland cattle|highland coo|scottish cow|hairy cow|scottish highland cow
    highland_cow: ginger highland cow|red highland cow|brown highland cow
    cowboy_boots: cowboy boot|cowboy boots|cowgirl boot|cowgirl boots|western boot|western boots|boot|boots
    cowboy_boots=pink: pink cowgirl boot|pink cowboy boot
    cowboy_hat: cowgirl hat|western hat|cowboy hat|stetson
    cowboy_hat=pink: pink cowgirl hat
    horseshoe: horse shoe|horseshoe
    ribbon_bow: bow|bows|ribbon|ribbons|coquette bow|hair bow|gift bow|bow ribbon|coquette
    ribbon_bow=pink: pink bow|pink ribbon
    ballet_slippers: ballet slipper|ballet slippers|ballet shoe|ballet shoes|pointe shoe|pointe shoes|ballerina slipper|ballerina shoe
    thread_spool: spool|thread|spool of thread|sewing thread|needle and thread|cotton reel
    buttons: button|buttons|sewing button
    pincushion: pin cushion|pincushion
    scissors: scissors|scissor|sewing scissors
    yarn+yarn_ball: yarn|ball of yarn|yarn ball|yarn balls|knitting yarn|wool yarn|skein|skein of yarn|crochet yarn|knitting yarn balls
    syringe: syringe|needle syringe|vaccine|injection
    bandage: bandage|band aid|bandaid|plaster|plasters
    first_aid: first aid|first aid kit|medical bag|doctor bag|nurse bag|medicine bag
    pills: pill|pills|pill bottle|medicine bottle|medicine|bottle of pill
    chalkboard: blackboard|chalkboard|chalk board|black board
    ruler: ruler|set square
    graduation_cap: graduation cap|graduation hat|grad cap|mortarboard|graduate cap
    diploma: diploma|graduation scroll
    sports_ball+football: ball|balls|sports ball|sport ball
    sports_ball=soccer: soccer ball|soccer|football ball|fussball
    sports_ball=basketball: basketball|basket ball
    sports_ball=baseball: baseball ball|base ball
    sports_ball=baseball+baseball_bat: baseball
    sports_ball=softball: softball|soft ball
    sports_ball=tennis: tennis ball
    sports_ball=volleyball: volleyball|volley ball
    sports_ball=beach: beach ball
    sports_ball=golf: golf ball
    tennis_racket: racket|racquet|tennis racquet|tennis racket
    tennis_racket+sports_ball=tennis: tennis
    shuttlecock: badminton|shuttlecock|birdie shuttlecock
    paddle=table: ping pong|ping pong paddle|table tennis|table tennis paddle|table tennis racket
    paddle=pickleball: pickleball|pickle ball|pickleball paddle|pickleball racket
    football: football ball laces|rugby ball|football ball
    football+football_helmet+football_jersey+goal_posts+whistle+foam_finger: football|american football|game day football
    goal_posts: goal post|goal posts|field goal|football goal
    whistle: coach whistle|referee whistle
    foam_finger: foam hand
    fish: fish|tropical fish
    banana: bananas|bunch of banana
    watermelon: watermelons|water melon|melon slice
    watermelon=slice+watermelon=wedge: watermelon slice|slice of watermelon
    summer_berries=blue: blueberry|blueberries
    summer_berries=raspberries: raspberry|raspberries
    summer_berries=blackberries: blackberry|blackberries
    tomato: tomatoes|cherry tomato
    pancakes: pancake|flapjack|hotcake|stack of pancake|pancake stack
    waffle: waffles|belgian waffle
    toast: toasts|slice of toast|toasted bread
    toast=jam: jam toast
    toast=avocado: avocado toast
    popsicle: popsicles|ice pop|ice lolly|ice lollies|paleta
    macaron: macarons|macaroon|french macaron
    popcorn: pop corn|popcorn bucket|movie popcorn
    suitcase: luggage|travel suitcase|suitcases
    camera: cameras|photo camera|film camera|retro camera
    camera=instant: polaroid|polaroid camera|instant camera
    sunglasses: sun glasses|sunglasses|shades
    paw_print: paw print|paw prints|dog paw|cat paw|paw|pawprint|pawprints|dog paw print|cat paw print|puppy paw
    poodle: poodle puppy|toy poodle|standard poodle
    herb=dill: dill|dill sprig
    herb=chives: chive|chives
    baseball_bat: baseball bat
    trophy: trophy|trophies|winner cup
    pizza=slice+pizza_slice=slice: pizza slice|slice of pizza
    burger: hamburger|cheeseburger
    capybara: capibara|capy
    hanging_sloth+sloth: sloth
    hanging_sloth: hanging sloth|tree sloth|sloth on a branch|sloth hanging
    axolotl: axolotls|axolot
    hummingbird: humming bird|colibri|kolibri
    unicorn: unicorn horse|baby unicorn|einhorn|licorne|unicornio
    dragon: baby dragon|drache
    mermaid: little mermaid|siren|meerjungfrau|sirena
    castle: princess castle|fairy tale castle|fairytale castle|schloss
    wand: magic wand|fairy wand|star wand
    dump_truck: dump truck|dumper|dumper truck|tipper truck|dumptruck
    excavator: digger|excavator|backhoe|bagger
    dump_truck+excavator+cement_mixer: construction vehicle|construction truck|construction vehicles|construction machine
    cement_mixer: cement truck|concrete mixer|cement mixer|mixer truck|concrete truck
    fire_truck: fire engine|firetruck|fire truck
    school_bus+bus=school: school bus|schoolbus|yellow bus
    dump_truck+fire_truck+pickup+cement_mixer: truck|trucks|lorry
    pickup: pickup truck|pick up truck|farm truck|vintage truck|old truck
    pickup=red: red truck|red pickup truck
    pickup=christmas: christmas truck|christmas tree truck|red christmas truck|holiday truck|christmas pickup
    pickup=presents: truck with present|christmas truck with present|truck with gift
    pickup=blue: pumpkin truck|fall truck
    pickup=green: flower truck|spring truck
    camper: caravan|camper van|campervan|camper trailer|rv|rv camper|rv camper van|travel trailer|motorhome|vintage camper
    camper: vintage camper van|vintage campervan|retro camper van
    train+steam_train: train|locomotive|steam engine|steam train|choo choo train|toy train|railway train|choo choo
    turkey: turkeys|thanksgiving turkey|turkey bird
    goose: geese|gans
    goose=Canada: canada goose|canadian goose|canada geese
    donkey: donkeys|burro|esel|burro donkey
    otter: otters|river otter
    peacock: peacocks|peafowl
    fries: french fries|fries|box of fries|french fry|chips fries
    hot_dog: hot dog|hot dogs|hotdog|hotdogs
    santa: santa|santa claus|father christmas|st nick|saint nick|weihnachtsmann
    snow_globe: snow globe|snow globes|snowglobe|snowglobes
    orchid: orchids|moth orchid|phalaenopsis
    lily: lilies|lily flower|easter lily
    lily=tiger: tiger lily|tiger lilies
    daffodil: daffodils|narcissus
    cabin: log cabin|cabin|log cabins|mountain cabin
    flag: american flag|usa flag|us flag|american flags|flag|flags|stars and stripes
    zodiac: zodiac|zodiac sign|star sign|zodiac symbol|horoscope sign|astrology sign
    constellation: constellation|star constellation|zodiac constellation
    zodiac=aries: aries
    zodiac=taurus: taurus
    zodiac=gemini: gemini
    zodiac=cancer: cancer zodiac
    zodiac=leo: leo|leo zodiac|zodiac leo
    zodiac=virgo: virgo
    zodiac=libra: libra
    zodiac=scorpio: scorpio
    zodiac=sagittarius: sagittarius
    zodiac=capricorn: capricorn
    zodiac=aquarius: aquarius
    zodiac=pisces: pisces
    constellation=aries: aries constellation
    constellation=taurus: taurus constellation
    constellation=gemini: gemini constellation
    constellation=cancer: cancer constellation
    constellation=leo: leo constellation
    constellation=virgo: virgo constellation
    constellation=libra: libra constellation
    constellation=scorpio: scorpio constellation
    constellation=sagittarius: sagittarius constellation
    constellation=capricorn: capricorn constellation
    constellation=aquarius: aquarius constellation
    constellation=pisces: pisces constellation
    fireworks: firework|fireworks|burst of firework
    tent: camping tent|tent
    campfire: campfire|camp fire|bonfire|bon fire
    airplane: plane|aeroplane|aircraft|biplane|propeller plane|toy plane|flugzeug|avión
    astronaut: spaceman|space man|astronauts|cosmonaut
    bicycle: bike|bikes|vintage bike|retro bike|beach cruiser|bicycle with basket|bike with basket
    bicycle: bicycle with flower basket|bicycle with basket of flower|bicycle with flower|bike with flower|bike with basket of flower
    boba_tea: pearl milk tea
    bus: city bus|tour bus|buses
    bus=double: double decker|double decker bus|london bus|london red bus|red london bus
    car: automobile|vintage car|retro car|beetle car|cars|classic car|auto
    cheese_board: charcuterie|charcuterie board|cheeseboard|cheese platter|grazing board|charcuterie platter
    cherry_blossom: cherry blossom|cherry blossoms|cherry blossom branch|sakura|sakura branch|cherry tree branch
    cherry_blossom: cherry blossom branch sakura|sakura cherry blossom|japanese cherry|cherry blossom tree
    cherry_blossom=almond: almond blossom|almond branch
    cherry_blossom=plum: plum blossom
    cocktail: cocktails|mixed drink|happy hour drink|cocktail glass|cocktail glasses
    cocktail=cosmopolitan: cosmo|cosmopolitan
    cocktail=margarita: margarita|margaritas
    cocktail=martini: martini|martini glass|dirty martini
    controller: game controller|gaming controller|video game controller|game pad|gamepad|joystick|game console
    crystal: crystals|gemstone|gemstones|healing crystal|geode|quartz|crystal point
    crystal=amethyst: amethyst
    crystal=citrine: citrine
    crystal=rose quartz: rose quartz
    diya: diya|diyas|diya lamp|oil lamp|deepam|diwali lamp
    dove: doves|white dove|peace dove|turtle dove|holy spirit dove|pigeon
    dragonfly: dragonflies|dragon fly|damselfly
    dreidel: dreidels|driedel
    eiffel_tower: eiffel tower|eiffel|paris|paris eiffel tower|tour eiffel
    fairy_house: fairy house|fairy door|mushroom house|mushroom cottage|toadstool house|fairy garden|fairy garden house|gnome house
    feather=peacock: peacock feather
    feather: feathers|plume|quill feather
    french_bulldog: french bulldog|frenchie|frenchies|frenchy|french bulldog puppy|frenchie puppy|french bulldog dog
    gingerbread_house: gingerbread house|ginger bread house|candy house|gingerbread cottage
    gnome: gnomes|gonk|gonks|nisse|tomte
    gnome=Christmas: christmas gnome|holiday gnome|santa gnome|xmas gnome
    gnome=Valentine: love gnome
    gnome=autumn: fall gnome|harvest gnome|thanksgiving gnome
    gnome=garden: lawn gnome
    gnome=plaid: plaid gnome|gnome with plaid hat|buffalo plaid gnome|gnome in plaid hat
    gnome=shamrock: leprechaun gnome|irish gnome|st patricks gnome|lucky gnome|st patricks day gnome
    gnome=spring: easter gnome|flower gnome
    goldendoodle: doodle dog|doodle puppy|doodle puppies|golden doodle|golden doodle puppy|goldendoodle puppy|goldendoodle dog
    goldendoodle: poodle mix|cavapoo|cockapoo|bernedoodle
    goldendoodle=labradoodle: labradoodle|labradoodle puppy|chocolate doodle
    grapes: grape|bunch of grape|grape vine|grapevine|wine grape|grape cluster
    guitar: guitars|acoustic guitar
    herb: kitchen herb|culinary herb|garden herb|herb sprig
    herb=basil: basil|basil leaf|basil sprig
    herb=mint: mint leaf|mint sprig|peppermint|spearmint
    herb=parsley: parsley
    herb=rosemary: rosemary|rosemary sprig
    herb=sage: sage leaf|sage sprig
    herb=thyme: thyme|thyme sprig
    honeycomb: honeycombs|honey comb|beeswax
    koi: koi|koi carp|koi pond|koi fish|japanese carp|carp
    lily_pad: lily pad|lilypad|lily pads|pond lily
    lotus: lotus|lotus flower|lotus blossom|lotus pond|water lily|waterlily|water lilies|seerose
    menorah: menorahs|hanukkah candle|hanukkiah|chanukah menorah
    moth: moths|luna moth|lunar moth
    moth=mystical: celestial moth|death moth
    music_note: music note|music notes|musical note|musical notes|quarter note|eighth note
    music_note=clef: treble clef
    nutcracker: nutcrackers|nutcracker soldier|nutcracker soldiers|nussknacker|toy soldier
    pirate_ship: pirate ship|pirate boat|galleon
    pizza+pizza_slice: pizza|pizzas
    porcelain: ginger jar|chinoiserie|chinoiserie vase|chinoiserie jar|blue and white vase|blue and white china|porcelain vase
    porcelain: blue and white ginger jar|blue and white chinoiserie vase|blue and white porcelain|delft vase|temple jar
    porcelain=hydrangea: chinoiserie vase with hydrangea|ginger jar with hydrangea
    porcelain=peony: ginger jar with peony|chinoiserie vase with peony
    potion: potion bottle|potions|magic potion|witch potion|poison bottle|elixir
    potion=love: love potion
    potted: plant pot|flower pot|potted plant|pot plant|planter|clay pot|houseplant pot
    potted=aloe: aloe|aloe vera
    potted=pothos: pothos
    potted=snake: snake plant|sansevieria
    potted=terracotta: terracotta pot|terra cotta pot|empty pot
    pug: pugs|pug puppy|pug dog
    race_car: race car|racing car|racecar|formula car|race cars
    robot: robots|android robot
    royal_crown: royal crown|princess crown|king crown|queen crown|prince crown|golden crown|gold crown|tiara
    shamrock: clover leaf|clover|irish clover|shamrocks
    shamrock=four: four leaf clover|lucky clover
    skull: skulls|human skull
    skull=rose crowned: rose skull|floral skull|flower skull
    skull=sugar: sugar skull|calavera|candy skull|day of the dead skull|mexican skull
    stork: storks|baby stork
    taco+street_taco: taco|tacos
    street_taco: street taco|soft taco
    sunset: sunsets|sunrise|setting sun|beach sunset
    sushi: maki|nigiri|onigiri|sushi roll|sushi rolls|sashimi
    swan: swans|mute swan|cygnet
    treasure_chest: treasure|treasure chest|treasure box|pirate treasure|pirate chest
    lion_cub: lion cub|baby lion|lion cubs|simba
    tiger: tiger cub|baby tiger
    wave=great wave: great wave|japanese wave|japanese waves|mount fuji wave|great wave with mount fuji|wave with mount fuji
    wave: waves|ocean wave|sea wave|surf wave|great wave off kanagawa
    wine_bottle: bottle of wine|wine bottle|bottle of rosé
    wine_bottle+wine_glass: wine|wein|vino
    wine_glass: glass of wine|wine glass|wine glasses|wineglass
    yarn_ball: knitting needle|yarn ball and knitting needle|yarn and knitting needle|yarn and needle
    """
)  # fmt: skip
