/**
 * 256 words, one for each byte, to be read aloud over a bad line: nouns that most people know, no two of which begin with
 * the same three letters, differ in fewer than three letters or sound alike. The list is part of what two apps must agree
 * on, so it never changes.
 */
export const SPOKEN_WORDS: readonly string[] = `
acorn alarm almond amber anchor ankle april arch arrow aspen atlas attic autumn avocado axis badge
bamboo banana barrel basket beacon beetle bench berry bishop blossom bonfire boulder brass brick bronze bubble
buffalo button cabin cactus camel canary carpet castle cedar cement chimney cinema circus clarinet cloud cobra
coconut compass coyote cradle cricket crystal cupcake curtain cushion cycle cypress dagger daisy delta denim desert
diamond dinner doctor dolphin domino donkey dragon drum dwarf eagle echo eclipse eggplant elbow elder elephant
emerald engine envelope fabric falcon farmer feather fever fiddle flamingo flute forest fossil fountain freckle funnel
galaxy garden giant giraffe glacier glove goblet gopher granite guitar hamlet harbor helmet herring hexagon hippo
horizon hotel husky iceberg indigo insect island ivory jaguar jasmine jelly jersey jigsaw jungle kayak kernel
keyboard kidney kitchen koala ladder lagoon lantern lava lemon leopard lettuce library lilac linen lizard lobster
locket lynx magnet mailbox mango marble meadow mermaid mirror mitten moss mushroom napkin nectar nephew nickel
noodle november nugget nutmeg oboe ocean octopus onion opera orbit orchid otter oxygen pajama palace panda
pelican pencil pigeon pirate planet polar potato pretzel prism pudding pumpkin pyramid quarry queen rabbit raccoon
radish railway raven ribbon ripple rope saffron sailor saucer scooter shelter silver sketch skunk slipper smoke
snail sofa spider spoon squash stable sugar summit sunset swallow syrup tadpole teapot temple tennis thunder
toast topaz tornado tractor trumpet tulip turtle twig umbrella unicorn vacuum valley vapor village vinegar violin
voyage waffle walnut weasel whale wheat whistle window wolf wombat yacht yarn yogurt zenith zephyr zucchini
`
  .trim()
  .split(/\s+/);
