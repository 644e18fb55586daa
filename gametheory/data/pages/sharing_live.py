"""A live page: how far does sharing by demand bids fall short of the best, and what closes the gap?

Served by ``gametheory teach``; ``marimo edit`` opens it too. Members cut their load together; each may buy from the
others or sell to them, at the price that their bids set. All numbers are exact until they are printed.
"""

import marimo

app = marimo.App(width="medium", app_title="Sharing energy, live")


@app.cell
def _():
    from fractions import Fraction

    import marimo as mo
    from matplotlib.figure import Figure

    import gametheory as gt
    from gametheory.models import energy_sharing as a1

    return Figure, Fraction, a1, gt, mo


@app.cell
def _(mo):
    mo.Html(
        """
        <h1 style="font-size:1.6em;font-weight:600;margin-bottom:0.5em">Sharing energy: the price of anarchy, live</h1>
        <p>A community must cut its load. Member <i>i</i> must cover a need <i>D</i><sub>i</sub> by cutting its own load
        by <i>p</i><sub>i</sub>, at discomfort <i>c</i><sub>i</sub><i>p</i><sub>i</sub>&sup2;/2 +
        <i>d</i><sub>i</sub><i>p</i><sub>i</sub>, and by buying <i>q</i><sub>i</sub> from the others. It bids, and the
        price follows from all bids; the <b>sensitivity</b> <i>a</i> says how much more is bought when the price falls
        by one. As everybody knows that their own purchase moves the price, everybody trades too little.</p>
        """
    )
    return


@app.cell
def _(mo):
    sensitivities = ["0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100"]
    members = mo.ui.slider(start=2, stop=40, step=1, value=4, label="number of members", show_value=True)
    sensitivity = mo.ui.slider(
        steps=[float(text) for text in sensitivities],
        value=2.0,
        label="price sensitivity a (kWh per money unit)",
        show_value=True,
    )
    mo.vstack([members, sensitivity])
    return members, sensitivities, sensitivity


@app.cell
def _(Fraction, a1, gt):
    #: Needs (kWh) and discomforts (money) of the members, repeated as more of them join.
    needs = (4, 1, 0, 3)
    curvatures = (Fraction(1, 10), Fraction(1, 5), Fraction(3, 10))
    slope = Fraction(1, 20)

    def community(size):
        """Return ``c``, ``d`` and ``D`` of so many members."""
        c = [curvatures[k % 3] for k in range(size)]
        return c, [slope] * size, [Fraction(needs[k % 4]) for k in range(size)]

    def outcome(size, a):
        """Return the certified equilibrium, its cost, the least cost, and who buys how much at each."""
        c, d, need = community(size)
        model = gt.models.EnergySharing.from_parameters(c=c, d=d, demand=need, sensitivity=a)
        equilibrium = gt.nash_equilibrium(model)
        bought = [row[0] for row in equilibrium.details["received"]]
        # Nobody shades a bid where kappa is 0: the same formulas then give the best for all together.
        best_price = a1.equilibrium_price(c, d, need, Fraction(0))
        best = [
            a1.equilibrium_received(need_i, c_i, d_i, best_price, Fraction(0))
            for need_i, c_i, d_i in zip(need, c, d, strict=True)
        ]
        return {
            "equilibrium": equilibrium,
            "price": equilibrium.details["prices"][0],
            "best_price": best_price,
            "cost": a1.total_disutility(bought, need, c, d),
            "least": a1.total_disutility(best, need, c, d),
            "bought": bought,
            "best": best,
        }

    return (outcome,)


@app.cell
def _(Fraction, members, outcome, sensitivity):
    now = outcome(members.value, Fraction(str(sensitivity.value)))
    anarchy = now["cost"] / now["least"]
    return anarchy, now


@app.cell
def _(anarchy, mo, now):
    rows = {
        "price": ("price inside the community (money/kWh)", now["price"]),
        "best-price": ("price at the optimum (money/kWh)", now["best_price"]),
        "cost": ("cost at the equilibrium (money)", now["cost"]),
        "least-cost": ("least cost (money)", now["least"]),
        "price-of-anarchy": ("price of anarchy: the first cost over the second", anarchy),
    }
    body = "".join(
        f'<tr><td style="padding-right:2em">{label}</td><td data-testid="{key}" style="text-align:right">'
        f"{float(value):.6f}</td></tr>"
        for key, (label, value) in rows.items()
    )
    mo.Html(
        f'<table style="font-variant-numeric:tabular-nums">{body}</table>'
        f'<p>Certificate: <span data-testid="certificate">{now["equilibrium"].certificate}</span></p>'
    )
    return


@app.cell
def _(Figure, Fraction, anarchy, members, mo, now, outcome, sensitivities, sensitivity):
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    trades, curve = figure.subplots(1, 2)
    places = list(range(members.value))
    trades.bar([k - 0.2 for k in places], [float(q) for q in now["bought"]], width=0.4, label="equilibrium")
    trades.bar([k + 0.2 for k in places], [float(q) for q in now["best"]], width=0.4, label="optimum")
    trades.axhline(0, color="black", linewidth=0.8)
    trades.xaxis.get_major_locator().set_params(integer=True)
    trades.set_xlabel("member")
    trades.set_ylabel("bought from the others (kWh)")
    trades.legend()
    ratios = []
    for text in sensitivities:
        other = outcome(members.value, Fraction(text))
        ratios.append(float(other["cost"] / other["least"]))
    curve.semilogx([float(text) for text in sensitivities], ratios)
    curve.plot([sensitivity.value], [float(anarchy)], "o")
    curve.set_xlabel("price sensitivity a")
    curve.set_ylabel("price of anarchy")
    mo.vstack(
        [
            figure,
            mo.Html(
                "<p>Two things close the gap: a more sensitive market, and more members. The loss is at most "
                "&kappa;/8 times the squared trades of the optimum, with &kappa; = 1/(a(I&minus;1)).</p>"
            ),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
