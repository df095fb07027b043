/** Root of the main window. */
import "./style/all.css";
import "./parts/theme.ts";
import { createRoot } from "react-dom/client";
import { App } from "./pages/app.tsx";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
