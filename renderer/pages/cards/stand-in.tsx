/** Who decides in whose place: what holds for this person now, and the dialog that names somebody. */
import { UserRoundCheck } from "lucide-react";
import { useState } from "react";
import type { TeamView } from "#bridge/member.ts";
import { Button, Field, Note, Pick, TextField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { RadioRows } from "../../parts/radio.tsx";
import { useAction } from "../../state/action.ts";
import { useServerNow } from "../../state/server-clock.ts";
import { request, useTopic } from "../../state/host.ts";
import { confirming } from "../../state/shell.ts";
import { saidDone } from "../../state/toasts.ts";
import { clockWords } from "../../text/common.ts";
import { standInWords as words } from "../../text/stand-in.ts";
import { standInOf, type StandInDraft } from "./stand-in-draft.ts";
import { factWords } from "../../text/facts.ts";

export const StandIn = ({ wid }: { readonly wid: string }) => {
  const team = useTopic("team", wid);
  const now = useServerNow();
  const action = useAction();
  const [choosing, setChoosing] = useState(false);
  if (team === undefined) return null;
  const mine = team.standIns.find((each) => each.member === team.me);
  const decide = team.mine["approvals.decide"];
  return (
    <section className="stand-in stack tight" aria-label={words.label}>
      {team.standIns
        .filter((each) => each.to === team.me)
        .map((each) => (
          <Note key={each.member} icon={<UserRoundCheck className="icon small" aria-hidden />}>
            {words.yours(nameIn(team, each.member), clockWords(each.until, now))}
          </Note>
        ))}
      {mine !== undefined ? (
        <Note tone="waiting" icon={<UserRoundCheck className="icon small" aria-hidden />}>
          <div className="stack tight">
            <span>{words.mine(nameIn(team, mine.to), clockWords(mine.until, now))}</span>
            <div>
              <Button
                size="small"
                busy={action.busy}
                onClick={() =>
                  void action.run(() => request("delegation.clear", { wid })).then((ok) => ok && saidDone(words.ended))
                }
              >
                {words.end}
              </Button>
            </div>
          </div>
        </Note>
      ) : (
        decide?.allowed === true && (
          <div>
            <Button
              size="small"
              look="plain"
              icon={<UserRoundCheck className="icon small" aria-hidden />}
              onClick={() => setChoosing(true)}
            >
              {words.give}
            </Button>
          </div>
        )
      )}
      {choosing && <ChooseStandIn team={team} onClose={() => setChoosing(false)} />}
    </section>
  );
};

const nameIn = (team: TeamView, id: string): string => team.members.find((member) => member.id === id)?.name ?? id;

const ChooseStandIn = ({ team, onClose }: { readonly team: TeamView; readonly onClose: () => void }) => {
  const others = team.members.filter((member) => member.active && !member.me);
  const able = others.filter((member) => member.canStandIn.allowed);
  const [draft, setDraft] = useState<StandInDraft>({
    to: able.length === 1 ? (able[0]?.id ?? "") : "",
    span: "24",
    at: "",
  });
  const action = useAction("inline");
  const save = () => {
    const read = standInOf(draft, Date.now());
    if (!read.ok) return action.refuse(read.problem);
    void action
      .run(() => confirming(() => request("delegation.set", { wid: team.wid, to: read.to, until: read.until })))
      .then((ok) => (ok ? (saidDone(words.given(nameIn(team, read.to))), onClose()) : undefined));
  };
  return (
    <Dialog open onClose={onClose} title={words.title} description={words.why}>
      <DialogForm action={action} onSend={save} onCancel={onClose} verb={words.submit} disabled={able.length === 0}>
        <RadioRows
          label={words.person}
          value={draft.to}
          onPick={(to) => setDraft({ ...draft, to })}
          options={others.map(({ id, name, canStandIn }) => ({
            value: id,
            label: name,
            disabled: !canStandIn.allowed,
            why: canStandIn.allowed ? undefined : factWords(canStandIn.why),
          }))}
        >
          {able.length === 0 && <p className="quiet">{words.nobody}</p>}
        </RadioRows>
        <div className="two">
          <Field label={words.until}>
            {(wiring) => (
              <Pick
                value={draft.span}
                options={words.ends}
                onPick={(span) => setDraft({ ...draft, span })}
                wiring={wiring}
              />
            )}
          </Field>
          {draft.span === "at" && (
            <TextField
              label={words.at}
              type="datetime-local"
              value={draft.at}
              onValue={(at) => setDraft({ ...draft, at })}
            />
          )}
        </div>
      </DialogForm>
    </Dialog>
  );
};
