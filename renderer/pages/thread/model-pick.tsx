/** Which model answers in this thread. */
import { ChevronDown } from "lucide-react";
import type { ThreadView } from "#bridge/thread.ts";
import { Button } from "../../parts/basic.tsx";
import { Menu, type MenuEntry } from "../../parts/menu.tsx";
import { attempt } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { goTo } from "../../state/route.ts";
import { placeWords } from "../../text/places.ts";
import { composerWords as words } from "../../text/thread.ts";

export const ModelPick = ({ view }: { readonly view: ThreadView }) => {
  const models = useTopic("models")?.models ?? [];
  const choose = (model: string | null) => attempt(() => request("thread.setModel", { thread: view.thread.id, model }));
  const entries: MenuEntry[] = [
    ...models.map((model): MenuEntry => ({
      kind: "item",
      label: model.name,
      hint: [
        placeWords.brief(model.place),
        ...(model.isDefault && model.id !== view.model?.id ? [words.isDefault] : []),
      ].join(" · "),
      onSelect: () => choose(model.id),
    })),
    ...(models.length > 0
      ? [{ kind: "item", label: words.noModelOption, onSelect: () => choose(null) } as const, { kind: "line" } as const]
      : []),
    {
      kind: "item",
      label: models.length === 0 ? words.connect : words.manageModels,
      onSelect: () => goTo({ page: "settings" }),
    },
  ];
  const shown = view.model?.name ?? (view.mustChoose && models.length > 0 ? words.choose : words.noModelOption);
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={
        <Button look="plain" size="small" className="model-pick" aria-label={`${words.model}: ${shown}`}>
          <span className="cut">{shown}</span>
          <ChevronDown className="icon small" aria-hidden />
        </Button>
      }
    />
  );
};
