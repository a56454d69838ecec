/** The id of the button that asks; it gets the focus back. */
export const WHY_BUTTON = "why";
