/**
 * The popup: one card, whole, and the two buttons; or the number of a new device, or an act to confirm. Somebody may be typing elsewhere when it appears, so nothing that
 * decides has the focus, and presses count only after the window was seen for half a second.
 */
import { useEffect, useState } from "react";
import { Problem } from "../../parts/basic.tsx";
import { PopupLost } from "../../parts/popup-lost.tsx";
import { othersForMe } from "../../state/card-groups.ts";
import { useCard } from "../../state/cards.ts";
import { useLink, useRow, useTopic } from "../../state/host.ts";
import { cardWords as words } from "../../text/calls.ts";
import { HostFailed, HostStarting } from "../app.tsx";
import { addressValues } from "../../transport.ts";
import { namesMember, PopupArrival } from "../arrivals/popup-arrival.tsx";
import { PopupAct } from "../acts/popup-act.tsx";
import type { ActPlace } from "../acts/popup-act.tsx";
import { PopupNumber } from "../pair/popup-number.tsx";
import type { PairingPlace } from "../pair/popup-number.tsx";
import { PopupCard } from "./popup-card.tsx";

interface CardPlace {
  readonly wid: string;
  readonly request: string;
}
type Place = CardPlace | PairingPlace | ActPlace;

/** The address names the card; a shell that reuses its window changes what stands after `#`. */
const usePlace = (): Place | null => {
  const [place, setPlace] = useState(placeFromAddress);
  useEffect(() => {
    // The connection belongs to one card. An address with a token of its own is for another one.
    const onHash = () => (addressValues().has("token") ? window.location.reload() : setPlace(placeFromAddress()));
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, []);
  return place;
};

const placeFromAddress = (): Place | null => {
  const values = addressValues();
  const wid = values.get("wid");
  const request = values.get("request");
  const pairing = values.get("pairing");
  const act = values.get("act");
  if (wid === null) return null;
  if (request !== null) return { wid, request };
  return pairing !== null ? { wid, pairing } : act !== null ? { wid, act } : null;
};

export const Popup = () => {
  const place = usePlace();
  const link = useLink();
  if (link.state === "failed") return <HostFailed />;
  if (place === null) return <Gone />;
  if (link.state !== "up") return <HostStarting state={link.state} />;
  if ("request" in place && namesMember(place.request))
    return <PopupArrival key={place.request} wid={place.wid} member={place.request} />;
  if ("act" in place) return <PopupAct key={place.act} place={place} />;
  return "pairing" in place ? (
    <PopupNumber key={place.pairing} place={place} />
  ) : (
    <PopupOf key={place.request} place={place} />
  );
};

const PopupOf = ({ place }: { readonly place: CardPlace }) => {
  const cards = useTopic("cards", place.wid);
  const summary = useRow("cards", place.wid, place.request) ?? undefined;
  const { card, error } = useCard(place.wid, place.request, summary);
  const others = cards === undefined ? 0 : othersForMe(cards, summary);
  if (card !== null) return <PopupCard card={card} others={others} />;
  if (error === null) return <p className="full faint late">{words.loading}</p>;
  return (
    <PopupLost title={words.gone}>
      <Problem error={error} />
      <p className="quiet">{words.goneWhy}</p>
      {others > 0 && <p className="faint">{words.more(others)}</p>}
    </PopupLost>
  );
};

const Gone = () => (
  <main className="full">
    <h1>{words.gone}</h1>
    <p>{words.goneWhy}</p>
  </main>
);
