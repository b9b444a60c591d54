// Starts the page.
import { render } from "preact";
import { start } from "./state/person";
import { startTheme } from "./state/theme";
import { followTroubles } from "./state/troubles";
import { App } from "./shell/App";
import "./css/base.css";
import "./css/shell.css";
import "./css/messages.css";
import "./css/blocks.css";
import "./css/controls.css";
import "./css/overlays.css";
import "./css/phone.css";

startTheme();
start();
followTroubles();
const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<App />, root);
}
