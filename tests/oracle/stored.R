# survival.json was made earlier: every Cox call that stands in it must still give its numbers.

stored <- fromJSON("survival.json", simplifyVector = TRUE, simplifyMatrix = TRUE)$cox
frames <- list(colon = third_party("colon.csv"), heart = third_party("heart.csv"))
for (name in names(stored)) {
  fit <- eval(parse(text = stored[[name]]$call), frames, globalenv())
  again <- list(coef = unname(coef(fit)), vcov = unname(fit$var), loglik = fit$loglik)
  then <- list(
    coef = unname(unlist(stored[[name]]$coef)), vcov = unname(stored[[name]]$vcov),
    loglik = stored[[name]]$loglik
  )
  same <- all.equal(again, then, tolerance = 1e-10)
  if (!isTRUE(same)) stop("survival.json, ", name, ": ", paste(same, collapse = "; "))
}
