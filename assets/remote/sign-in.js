// Turns a code or a token into a session, then shows what was asked for.
"use strict";

const at = (id) => document.getElementById(id);
// The page is shown in place of any other, perhaps below the path of a proxy.
const base = location.pathname.replace(/(remote|moderate|gate|sign-in|control\/.*|frame\/.*|[a-z]+\.json|metrics|changes)\/?$/, "").replace(/\/?$/, "/");

at("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  at("wrong").textContent = "";
  try {
    const answer = await fetch(`${base}sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: at("token").value }),
    });
    if (answer.ok) {
      const asked = location.pathname.replace(/sign-in\/?$/, "remote");
      return asked === location.pathname ? location.reload() : location.assign(asked);
    }
    const told = await answer.json().catch(() => ({}));
    at("wrong").textContent = told.error || `Not signed in: ${answer.status}`;
  } catch {
    at("wrong").textContent = "The wall does not answer.";
  }
});
