"""Tables, pictures and pages made from solutions and studies."""
