/** The list of keys behind `?`. */
import { Key } from "../parts/basic.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { modKey, sectionKey } from "../state/keys.ts";
import { keysOpen } from "../state/panels.ts";
import { useStore } from "../state/store.ts";
import { keyWords as words } from "../text/app.ts";

export const KeyList = () => (
  <Dialog open={useStore(keysOpen)} onClose={() => keysOpen.set(false)} title={words.title}>
    <dl className="keys">
      {words.rows(modKey, sectionKey).map((row) => (
        <div key={row.what}>
          <dt>{row.what}</dt>
          <dd>
            {row.keys.map((key) => (
              <Key key={key}>{key}</Key>
            ))}
            <span className="hidden-text">{row.keys.join(" ")}</span>
          </dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
