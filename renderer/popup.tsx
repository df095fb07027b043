/** Root of the popup window: one card, and the buttons that decide it. */
import "./style/all.css";
import "./parts/theme.ts";
import { createRoot } from "react-dom/client";
import { Popup } from "./pages/cards/popup.tsx";
import { reportFaults } from "./state/faults.ts";
import { refuseFiles } from "./state/files.ts";

// This window has no place for notices; it only must not be led away.
refuseFiles(() => undefined);
reportFaults();

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<Popup />);
