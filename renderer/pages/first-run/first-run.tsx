/** The first screen: what Bulkhead is, a name, and three ways on. */
import { Link, MonitorSmartphone, Plus } from "lucide-react";
import { useRef, useState } from "react";
import type { AppView } from "#bridge/app.ts";
import { BoundaryIcon } from "../../parts/boundary.tsx";
import { Button, Problem, TextField } from "../../parts/basic.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { firstRunWords as words } from "../../text/app.ts";
import { arriveWords } from "../../text/pair.ts";
import { ArriveForm, isPairLink } from "../pair/arrive-form.tsx";
import { CreateForm } from "./create-form.tsx";
import { JoinForm } from "./join-form.tsx";

export const FirstRun = ({ app }: { readonly app: AppView }) => {
  const [step, setStep] = useState<"start" | "create" | "join" | "arrive">("start");
  // A link that opened the app goes straight to its confirm screen, once there is a name to join with.
  const arriving = step === "arrive" || isPairLink(app.pendingLink);
  const joining = step === "join" || (app.pendingLink !== null && app.person !== null);
  const back = () => setStep("start");
  return (
    <main className="first-run">
      <div className="first-run-column">
        <div className="first-run-brand">
          <BoundaryIcon side="private" />
          {words.title}
        </div>
        {arriving ? (
          <ArriveForm pendingLink={app.pendingLink} onBack={back} />
        ) : joining ? (
          <JoinForm pendingLink={app.pendingLink} onBack={back} />
        ) : step === "create" ? (
          <CreateForm onBack={back} />
        ) : (
          <Start app={app} onStep={setStep} />
        )}
      </div>
    </main>
  );
};

const Start = ({
  app,
  onStep,
}: {
  readonly app: AppView;
  readonly onStep: (step: "create" | "join" | "arrive") => void;
}) => {
  const [name, setName] = useState(app.person?.name ?? "");
  const [missing, setMissing] = useState(false);
  const action = useAction("inline");
  const field = useRef<HTMLInputElement>(null);
  const go = (step: "create" | "join") => {
    setMissing(name.trim() === "");
    if (name.trim() === "") return field.current?.focus();
    void action.run(() => request("profile.set", { name: name.trim() })).then((ok) => ok && onStep(step));
  };
  return (
    <div className="stack wide">
      <div className="stack">
        <h1 className="lead">{words.about}</h1>
        <p className="quiet">{words.aboutWhy}</p>
      </div>
      <form
        onChange={action.clear}
        onSubmit={(event) => {
          event.preventDefault();
          go(app.pendingLink === null ? "create" : "join");
        }}
      >
        <TextField
          ref={field}
          label={words.name}
          help={words.nameHelp}
          value={name}
          onValue={setName}
          maxLength={80}
          autoFocus
          problem={missing && name.trim() === "" ? words.nameNeeded : null}
        />
      </form>
      <Problem error={action.problem} />
      <div className="choices">
        <Choice
          icon={<Plus className="icon" aria-hidden />}
          title={words.create}
          why={words.createWhy}
          primary={app.pendingLink === null}
          busy={action.busy}
          onClick={() => go("create")}
        />
        <Choice
          icon={<Link className="icon" aria-hidden />}
          title={words.join}
          why={words.joinWhy}
          primary={app.pendingLink !== null}
          busy={action.busy}
          onClick={() => go("join")}
        />
        {/* Without a name: the person has one there already. */}
        <Choice
          icon={<MonitorSmartphone className="icon" aria-hidden />}
          title={arriveWords.title}
          why={arriveWords.firstRunWhy}
          primary={false}
          busy={action.busy}
          onClick={() => onStep("arrive")}
        />
      </div>
    </div>
  );
};

interface ChoiceProps {
  readonly icon: React.ReactNode;
  readonly title: string;
  readonly why: string;
  readonly primary: boolean;
  readonly busy: boolean;
  readonly onClick: () => void;
}

const Choice = ({ icon, title, why, primary, busy, onClick }: ChoiceProps) => (
  <div className="choice">
    <Button look={primary ? "primary" : undefined} icon={icon} disabled={busy} onClick={onClick}>
      {title}
    </Button>
    <p className="faint">{why}</p>
  </div>
);
