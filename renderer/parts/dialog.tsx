/** Dialogs: one for forms, which never throws away what was typed without asking, and one that asks before something cannot be undone. */
import { X } from "lucide-react";
import { AlertDialog, Dialog as Radix } from "radix-ui";
import { useRef, useState, type ReactNode } from "react";
import { commonWords as words } from "../text/common.ts";
import { leaveWords } from "../text/typed.ts";
import { useAction } from "../state/action.ts";
import { Button, IconButton, Problem } from "./basic.tsx";
import { useReturnFocus } from "./return-focus.ts";
import { useScrim } from "./scrim.ts";
import { useTypedGuard } from "./typed-guard.ts";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string;
  readonly wide?: boolean;
  /** Holds a long text and nothing to press: the text itself takes the keys that scroll. */
  readonly reading?: boolean;
  readonly children: ReactNode;
}

export const Dialog = ({ open, onClose, title, description, wide, reading, children }: DialogProps) => {
  const focus = useReturnFocus();
  const guard = useTypedGuard();
  const place = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState(false);
  // Esc, a press beside the dialog and its cross are easily done by mistake; Cancel says what it does.
  const leave = () => (guard.typed(place.current) ? setAsking(true) : onClose());
  const scrim = useScrim(leave);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && leave()}>
      <Leaving
        open={asking}
        onStay={() => setAsking(false)}
        onLeave={() => {
          setAsking(false);
          onClose();
        }}
      />
      <Radix.Portal>
        <Radix.Overlay className="scrim" {...scrim} />
        <Radix.Content
          ref={place}
          {...focus}
          onPointerDownOutside={(event) => event.preventDefault()}
          onEscapeKeyDown={(event) => event.isComposing && event.preventDefault()}
          onOpenAutoFocus={(event) => toFirstField(event, place.current)}
          {...guard.wiring}
          className={wide === true ? "dialog wide" : "dialog"}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
        >
          <header>
            <div>
              <Radix.Title asChild>
                <h2>{title}</h2>
              </Radix.Title>
              {description !== undefined && <Radix.Description className="quiet">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton name={words.close} size="small">
                <X className="icon" aria-hidden />
              </IconButton>
            </Radix.Close>
          </header>
          <div
            className="dialog-body"
            {...(reading === true ? { tabIndex: 0, role: "group", "aria-label": title } : {})}
          >
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
};

/** What is filled in comes first, not the cross that leaves. */
const toFirstField = (event: Event, dialog: HTMLElement | null): void => {
  const field = dialog?.querySelector<HTMLElement>(
    ".dialog-body :is(input, textarea, select, [role=radio]):not(:disabled)",
  );
  if (field === undefined || field === null) return;
  event.preventDefault();
  field.focus();
};

const Leaving = ({
  open,
  onStay,
  onLeave,
}: {
  readonly open: boolean;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}) => {
  const focus = useReturnFocus();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onStay()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content {...focus} className="dialog">
          <header>
            <AlertDialog.Title asChild>
              <h2>{leaveWords.title}</h2>
            </AlertDialog.Title>
          </header>
          <div className="dialog-body">
            <AlertDialog.Description className="quiet">{leaveWords.why}</AlertDialog.Description>
            <div className="dialog-foot">
              <AlertDialog.Cancel asChild>
                <Button>{leaveWords.stay}</Button>
              </AlertDialog.Cancel>
              <Button look="danger primary" onClick={onLeave}>
                {leaveWords.leave}
              </Button>
            </div>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
};

interface ConfirmProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly verb: string;
  readonly work: () => Promise<unknown>;
}

export const Confirm = ({ open, onClose, title, children, verb, work }: ConfirmProps) => {
  const action = useAction("inline");
  const focus = useReturnFocus();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content {...focus} className="dialog">
          <header>
            <AlertDialog.Title asChild>
              <h2>{title}</h2>
            </AlertDialog.Title>
          </header>
          <div className="dialog-body">
            <AlertDialog.Description asChild>
              <div className="quiet">{children}</div>
            </AlertDialog.Description>
            <Problem error={action.problem} />
            <div className="dialog-foot">
              <AlertDialog.Cancel asChild>
                <Button>{words.cancel}</Button>
              </AlertDialog.Cancel>
              <Button
                look="danger primary"
                busy={action.busy}
                onClick={() => void action.run(work).then((ok) => ok && onClose())}
              >
                {verb}
              </Button>
            </div>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
};
