/** A drop-down menu made from a list. */
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

export type MenuEntry =
  | {
      readonly kind: "item";
      readonly label: string;
      readonly icon?: ReactNode;
      readonly hint?: string;
      readonly danger?: boolean;
      /** Why it cannot be chosen, which then stands under its name: nothing is off without a reason. */
      readonly off?: string | null;
      readonly onSelect: () => void;
    }
  | { readonly kind: "line" }
  | { readonly kind: "label"; readonly text: string };

export const Menu = ({
  trigger,
  entries,
  align = "start",
}: {
  readonly trigger: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly align?: "start" | "end";
}) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
        {entries.map((entry, index) => (
          <Entry key={index} entry={entry} />
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);

const Entry = ({ entry }: { readonly entry: MenuEntry }) => {
  if (entry.kind === "line") return <DropdownMenu.Separator className="menu-line" />;
  if (entry.kind === "label")
    return <DropdownMenu.Label className="menu-label label-caps">{entry.text}</DropdownMenu.Label>;
  return (
    <DropdownMenu.Item
      className={entry.danger === true ? "menu-item danger" : "menu-item"}
      disabled={typeof entry.off === "string"}
      onSelect={entry.onSelect}
    >
      {entry.icon}
      <span className="grow cut">
        {entry.label}
        {typeof entry.off === "string" && <span className="menu-why">{entry.off}</span>}
      </span>
      {entry.hint !== undefined && <span className="faint">{entry.hint}</span>}
    </DropdownMenu.Item>
  );
};
