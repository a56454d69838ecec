const all = document.getElementById("select-all");
const boxes = [...document.querySelectorAll('input[name="scope"]')];

all?.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
});
for (const box of boxes) {
  box.addEventListener("change", () => {
    all.checked = boxes.every((other) => other.checked);
  });
}
