/** Root of the main window. */
import "./style/all.css";
import "./parts/theme.ts";
import { createRoot } from "react-dom/client";
import { App } from "./pages/app.tsx";
import { reportFaults } from "./state/faults.ts";
import { refuseFiles } from "./state/files.ts";
import { saidWhy } from "./state/toasts.ts";

refuseFiles(saidWhy);
reportFaults();

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
