import { followArrowKeys } from "./arrow-keys.js";
import { followDrags } from "./drag.js";
import { followForms } from "./sheets.js";
import { scrollToMorning, tidyAddress } from "./swap.js";
import { watchChanges } from "./watch.js";

if (document.getElementById("calendar") !== null) {
  tidyAddress(location.href);
  scrollToMorning();
  followForms();
  followDrags();
  followArrowKeys();
  watchChanges();
}
