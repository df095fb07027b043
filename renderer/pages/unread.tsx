/** Says once, at each start, that a workspace of this computer could not be read. */
import { useState } from "react";
import { Button } from "../parts/basic.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { unreadWords as words } from "../text/app.ts";

export const Unread = ({ count }: { readonly count: number }) => {
  const [read, setRead] = useState(0);
  const go = () => setRead(count);
  return (
    <Dialog open={count > read} onClose={go} title={words.title(count)}>
      <p>{words.what(count)}</p>
      <p>{words.todo}</p>
      <div className="dialog-foot">
        <Button look="primary" onClick={go}>
          {words.go}
        </Button>
      </div>
    </Dialog>
  );
};
