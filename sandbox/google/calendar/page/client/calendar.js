import { followArrowKeys } from "./arrow-keys.js";
import { followDrags } from "./drag.js";
import { followForms } from "./sheets.js";
import { scrollToMorning } from "./swap.js";
import { watchChanges } from "./watch.js";

if (document.getElementById("calendar") !== null) {
  scrollToMorning();
  followForms();
  followDrags();
  followArrowKeys();
  watchChanges();
}
