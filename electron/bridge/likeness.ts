/**
 * How alike two names look to a person. Outside the core on purpose: what an engine's Unicode tables say may mark a name
 * and tell it apart on a screen, and never decides whether a command is valid (rule UN1).
 */

/** Letters of other scripts that pass for a Latin one, each list after the letter that it looks like. */
const LOOKS_LIKE = `
A АΑᎪꓮⲀᴀ a аɑα⍺ B ВΒᏴꓐⲂʙв b Ььβ C СϹᏟꓚⲤᴄ c сϲⅽ D ᎠꓓᴅԀ d ԁꓒ E ЕΕᎬꓰᴇ e еεєɛ F ꓝҒꜰ f ғϝ G ᏀᏳꓖԌɢ g ɡցԍ
H НΗᎻꓧⲎʜн h һհ I ІΙⲒꓲɪӀ i іιıɩᎥ J ЈᎫꓙᴊ j јϳյȷ K КΚᏦꓗⲔᴋ k кκ L ᏞꓡԼʟ l ӏǀ|∣ןוا丨ㅣ M МΜᎷꓟⲘᴍ m м
N ΝꓠⲚɴ n ոηп O ОΟՕꓳⲞ○ᴏ o оοσօⲟס०০੦૦௦౦೦ഠဝჿ〇هہ٥ P РΡᏢꓑⲢᴘ p рρ Q Ԛ q ԛ R ᎡᏒꓣʀ r г S ЅᏚꓢՏꜱ s ѕ T ТΤᎢꓔⲦᴛ t тτ
U ՍꓴᴜԱ u ս υ V ѴᏙꓦᴠ v ѵν W ԜᎳᏔꓪᴡ w ԝωѡ X ХΧꓫⲬ x хχ Y УΥᎩҮꓬⲨʏ y уγү Z ΖᏃꓜᴢ z ʐ
力 カ 口 ロ 二 ニ 工 エ 夕 タ 卜 ト 八 ハ へ ヘ 3 ЗзӠ
- ‐‑‒–—―−⁃˗_ー一﹣ ' ‘’‚‛′ʹʼˈ\` " “”„‟″ . ․·•・‧∙。 / ⁄∕⧸╱ \\ ∖⧵ : ː꞉∶ , ‚،
`;

const tableOf = (written: string): ReadonlyMap<string, string> => {
  const words = written.trim().split(/\s+/);
  const table = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const target = words[at] as string;
    for (const look of words[at + 1] ?? "") if (!table.has(look)) table.set(look, target);
    at += 1;
  }
  return table;
};
const TABLE = tableOf(LOOKS_LIKE.replace("ս υ", "սυ"));

/** The Latin letter or the sign that this character passes for, or null. */
export const passesFor = (char: string): string | null => TABLE.get(char) ?? null;

const IGNORED = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}\u2800]/gu;
const folded = (text: string): string => Array.from(text, (char) => TABLE.get(char) ?? char).join("");
const caseless = (text: string): string => text.toUpperCase().toLowerCase();

const skeleton = (name: string, first: (text: string) => string): string => {
  const letters = folded(caseless(folded(first(name.normalize("NFKD")))));
  const same = letters.replace(/0/g, "o").replace(/[1i]/g, "l").replace(/rn/g, "m").replace(/vv/g, "w");
  const spaced = same.normalize("NFC").replace(/\s+/gu, " ");
  const bare = spaced.replace(/^[\s.,:'"-]+|[\s.,:'"-]+$/g, "");
  return bare === "" ? spaced.trim() : bare;
};
const seen = (name: string): string => name.replace(/[\s\u2800\u3164\u115f\u1160\uffa0]/gu, " ").replace(IGNORED, "");

/** Both ways to read a name, kept: a list of cards compares the same few names again and again. */
const kept = new Map<string, readonly [string, string]>();
const KEPT_MAX = 2_000;
const readings = (name: string): readonly [string, string] => {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const read = [skeleton(seen(name), (text) => text), skeleton(seen(name), caseless)] as const;
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(name, read);
  return read;
};

/** What is left of a name once case, spaces, invisible characters and look-alikes are taken out. Never shown. */
export const likeness = (name: string): string => readings(name)[0];

/** Whether a person could take one name for the other. Equal names are alike. */
export const alike = (a: string, b: string): boolean =>
  readings(a)[0] === readings(b)[0] || readings(a)[1] === readings(b)[1];

/** Whether one name could pass for the other also with something put after it: `Ada`, and `Ada (Owner)`. */
export const mistakable = (a: string, b: string): boolean => {
  const [one, other] = [likeness(a), likeness(b)];
  return alike(a, b) || goesOn(one, other) || goesOn(other, one);
};
const goesOn = (long: string, short: string): boolean =>
  short !== "" && long.startsWith(short) && !/^[\p{L}\p{N}]/u.test(long.slice(short.length));

/** Drawn like a Latin letter of another size: enough to tell names apart, too little to call a word of them an imitation. */
const LOOSE = /[вьнкмтгзпηγσπυωκτχΓ]/u;

/** Whether every letter that is not Latin passes for one, as in `сору`: then nothing on the screen gives it away. */
export const imitates = (text: string): boolean => {
  const foreign = text.match(/(?!\p{Script=Latin})\p{L}/gu) ?? [];
  return foreign.length > 1 && foreign.every((char) => !LOOSE.test(char) && /^[a-z]$/i.test(passesFor(char) ?? ""));
};

/** For each name, the others in the list that it could be taken for. */
export const lookAlikes = (names: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[]>();
  const keys = names.map(readings);
  for (const [at, name] of names.entries()) {
    const mine = keys[at] as readonly [string, string];
    const others = names.filter(
      (other, index) => other !== name && (keys[index]?.[0] === mine[0] || keys[index]?.[1] === mine[1]),
    );
    if (others.length > 0) found.set(name, others);
  }
  return found;
};
