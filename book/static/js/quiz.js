// The quiz at the end of a chapter.
//
// The page holds plain questions and a list of answers, for paper and for
// readers without scripts (colorlib/course/quizzes/page.py writes it). Here
// each question gets radio buttons and a button that checks, and is told what
// the list of answers says about the choice. The list itself stays, for print;
// quiz.css hides it on the screen as soon as this element is defined.

class ColorQuiz extends HTMLElement {
  connectedCallback() {
    if (this.score) return; // moved within the page, not new
    const answers = this.querySelectorAll(".quiz-answers > ol > li");
    const forms = [...this.querySelectorAll("form")];
    this.left = forms.length;
    this.firstTries = 0;
    forms.forEach((form, i) => this.prepare(form, answers[i]));
    this.score = status("quiz-score");
    this.append(this.score);
  }

  prepare(form, answer) {
    const explanations = [...answer.querySelectorAll("li")];
    const choices = [...form.querySelectorAll(".quiz-choice")];
    choices.forEach((choice, i) => {
      const radio = element("input", "no-print");
      radio.type = "radio";
      radio.name = form.closest("[id]").id;
      radio.value = i;
      choice.querySelector("label").prepend(radio);
    });

    // Not checked at once: arrow keys run through all choices of a group, and
    // would have every explanation read out on the way.
    const button = element("button", "quiz-check no-print", "Check");
    const said = status("quiz-said");
    form.append(button, said);

    let tries = 0;
    let solved = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      if (!chosen) {
        said.replaceChildren("Choose an answer first.");
        return;
      }
      tries += 1;
      const explanation = explanations[chosen.value];
      const right = "right" in explanation.dataset;
      mark(choices[chosen.value], right);
      said.replaceChildren(...told(explanation, right));
      if (right && !solved) {
        solved = true;
        form.append(others(explanations));
        this.count(tries === 1);
      }
    });
  }

  count(first) {
    this.left -= 1;
    this.firstTries += first;
    if (this.left > 0) return;
    const all = this.querySelectorAll("form").length;
    this.score.replaceChildren(
      `All ${all} answered, ${this.firstTries} of them at the first try.`,
    );
  }
}

// In words, not by color alone; inside the label, so that it is read with it.
function mark(choice, right) {
  if (choice.querySelector(".quiz-mark")) return;
  choice.classList.add(right ? "quiz-right" : "quiz-wrong");
  const words = right ? "✓ right" : "✗ not right";
  choice.querySelector("label").append(element("span", "quiz-mark no-print", words));
}

// The list says "(b)" before why (b) is wrong, and "(c) is right." itself.
function told(explanation, right) {
  const copy = explanation.cloneNode(true);
  if (!right) copy.firstChild.append(" is not right.");
  return [...copy.childNodes];
}

// Who was right at once has not read why the others are wrong.
function others(explanations) {
  const details = element("details", "quiz-others no-print");
  const list = element("ul");
  list.append(
    ...explanations
      .filter((explanation) => !("right" in explanation.dataset))
      .map((explanation) => explanation.cloneNode(true)),
  );
  details.append(element("summary", "", "Why not the others?"), list);
  return details;
}

// A live region has to be there, empty, before something is said in it.
function status(name) {
  const region = element("div", `${name} no-print`);
  region.setAttribute("role", "status");
  return region;
}

function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(text);
  return made;
}

customElements.define("color-quiz", ColorQuiz);
