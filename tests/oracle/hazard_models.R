# hazard_models_r.json: Fine-Gray with late entry and with groups of the censoring distribution,
# piecewise exponential regression as Poisson regression of split rows, and incidence
# standardised over covariates by cause-specific Cox models.

late_deaths <- list(data = "mgus2_cr.csv", start = "begin", stop = "etime", event = "ev",
  derive = list(male = "(sex == \"M\") * 1", begin = "(id % 3 > 0) * (age // 4) * (age // 4 < etime)",
    w = "(creat + 1) / hgb"), columns = c("age", "male"))

# R writes % and // of Python's eval as %% and %/%.
late_rows <- function(case) {
  for (name in names(case$derive)) {
    case$derive[[name]] <- gsub("//", "%/%", gsub("%", "%%", case$derive[[name]], fixed = TRUE), fixed = TRUE)
  }
  case_rows(case)
}

late_cases <- list(
  pcm = modifyList(late_deaths, list(of = 1, ties = "efron")),
  pcm_breslow = modifyList(late_deaths, list(of = 1, ties = "breslow")),
  death = modifyList(late_deaths, list(of = 2, ties = "efron")),
  pcm_weighted = modifyList(late_deaths, list(of = 1, ties = "efron", weight = "w"))
)
late_entry <- function(case) {
  rows <- late_rows(case)
  rows$row <- seq_len(nrow(rows))
  rows$left <- factor(rows$ev, 0:2, c("censored", "1", "2"))
  weight <- if (is.null(case$weight)) "" else sprintf(", weights = %s", case$weight)
  expand <- sprintf("finegray(Surv(begin, etime, left) ~ ., rows, etype = \"%d\", id = row%s)",
    case$of, weight)
  expanded <- run(expand, rows)
  control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
  call <- sprintf("coxph(Surv(fgstart, fgstop, fgstatus) ~ age + male, expanded, weights = fgwt, cluster = row, ties = \"%s\")",
    case$ties)
  fit <- eval(parse(text = sub(")$", ", control = control)", call)),
    list(expanded = expanded, control = control), globalenv())
  list(case = case, call = paste(expand, call, sep = "; "), n = nrow(rows), coef = unname(coef(fit)),
    vcov_fixed_censoring = unname(fit$var), loglik = fit$loglik)
}

# crr's variance with groups departs from the derivative by the rows, so it is not compared.
group_entry <- function(of) {
  case <- modifyList(deaths, list(columns = c("age", "male"), of = of))
  rows <- case_rows(case)
  call <- "crr(rows$etime, rows$ev, rows[case$columns], failcode = case$of, cengroup = rows$male, gtol = 1e-11)"
  fit <- eval(parse(text = call), list(rows = rows, case = case), globalenv())
  list(case = case, call = call, coef = unname(fit$coef), loglik = c(fit$loglik.null, fit$loglik))
}

piecewise_cases <- list(
  heart = list(data = "heart.csv", start = "start", stop = "stop", event = "event",
    columns = c("transplant", "age"), cuts = c(30, 100)),
  heart_weighted_clustered = list(data = "heart.csv", start = "start", stop = "stop",
    event = "event", columns = c("transplant", "age", "surgery"), cuts = c(30, 100), weight = "w",
    cluster = "id", derive = list(w = "(age + 60) / 50")),
  heart_stratified = list(data = "heart.csv", start = "start", stop = "stop", event = "event",
    columns = c("transplant", "age"), cuts = c(30, 100), strata = "surgery"),
  unemployed = list(data = "UnempDur.csv", stop = "spell", event = "censor1", cuts = c(2, 5, 10),
    columns = c("ui1", "age"), derive = list(ui1 = "(ui == \"yes\") * 1"))
)
piecewise_entry <- function(case) {
  rows <- case_rows(case)
  rows$row <- seq_len(nrow(rows))
  if (is.null(case$weight)) rows$one <- 1
  weight <- if (is.null(case$weight)) "one" else case$weight
  split <- sprintf("survSplit(%s ~ ., rows, cut = c(%s), episode = \"interval\", start = \"begin\", end = \"end\", event = \"happened\")",
    response(case), paste(case$cuts, collapse = ", "))
  pieces <- run(split, rows)
  pieces$logtime <- log(pieces$end - pieces$begin)
  pieces$case_weight <- pieces[[weight]]
  pieces$cell <- factor(pieces$interval)
  if (!is.null(case$strata)) pieces$cell <- interaction(pieces$interval, pieces[[case$strata]])
  call <- sprintf("glm(happened ~ 0 + cell + %s, poisson, pieces, weights = case_weight, offset = logtime, control = glm.control(epsilon = 1e-14, maxit = 100))",
    paste(case$columns, collapse = " + "))
  fit <- suppressWarnings(eval(parse(text = call), list(pieces = pieces), globalenv()))
  cluster <- if (is.null(case$cluster)) pieces$row else pieces[[case$cluster]]
  sandwich <- vcovCL(fit, cluster = cluster, type = "HC0", cadjust = FALSE)
  own <- case$columns
  # The likelihood of the times is that of the counts without their times at risk.
  mean <- exp(predict(fit))
  loglik <- sum(pieces$case_weight * (pieces$happened * (log(mean) - pieces$logtime) - mean))
  list(case = case, call = paste(split, call, sep = "; "), coef = unname(coef(fit)[own]),
    rate = exp(unname(coef(fit)[setdiff(names(coef(fit)), own)])), vcov = unname(vcov(fit)[own, own]),
    vcov_robust = unname(sandwich[own, own]), loglik = loglik)
}

# Incidence of both causes standardised over everybody: hazards of coxph at each event time, and
# exp(-hazard) of those left stay; what leaves is divided by the causes' hazards.
standardised_entry <- function(model) {
  case <- modifyList(deaths, list(columns = c("age", "hgb", "male")))
  rows <- case_rows(case)
  right <- switch(model, interaction = "male * (age + hgb)", common = "male + age + hgb",
    `by-arm` = "age + hgb")
  control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
  world <- function(arm) {
    seen <- if (model == "by-arm") rows[rows$male == arm, ] else rows
    had <- rows
    had$male <- arm
    hazards <- lapply(1:2, function(of) {
      call <- sprintf("coxph(Surv(etime, ev == %d) ~ %s, seen, control = control)", of, right)
      fit <- eval(parse(text = call), list(seen = seen, of = of, control = control), globalenv())
      base <- suppressWarnings(basehaz(fit, centered = FALSE))
      steps <- diff(c(0, base$hazard))
      list(time = base$time, steps = steps,
        risk = exp(drop(model.matrix(delete.response(terms(fit)), had)[, -1] %*% coef(fit))))
    })
    time <- hazards[[1]]$time
    left <- rep(1, nrow(rows))
    incidence <- matrix(0, length(time), 2)
    own <- matrix(0, nrow(rows), 2)
    for (j in seq_along(time)) {
      h <- cbind(hazards[[1]]$steps[j] * hazards[[1]]$risk, hazards[[2]]$steps[j] * hazards[[2]]$risk)
      total <- rowSums(h)
      gone <- left * -expm1(-total)
      own <- own + ifelse(total > 0, gone / total, 0) * h
      left <- left - gone
      incidence[j, ] <- colMeans(own)
    }
    area <- sapply(1:2, function(k) sum(diff(c(time[time <= 120], 120)) * incidence[time <= 120, k]))
    list(incidence = incidence[max(which(time <= 120)), ], area = area)
  }
  list(case = case, model = model, horizon = 120, treated = world(1), comparison = world(0))
}

models <- c("by-arm", "interaction", "common")
store(
  list(
    finegray = lapply(late_cases, late_entry),
    crr = lapply(list(pcm = 1, death = 2), group_entry),
    piecewise = lapply(piecewise_cases, piecewise_entry),
    standardised = setNames(lapply(models, standardised_entry), models)
  ),
  "hazard_models_r.json", "survival::finegray, coxph, survSplit, basehaz; cmprsk::crr; stats::glm"
)
